// libjpeg reports fatal errors by a call that may not return: they jump back to the caller's setjmp.
#pragma once
#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

namespace cvemu::imaging {

struct JpegErrors {
  jpeg_error_mgr base;  // first: libjpeg hands back a pointer to it
  std::jmp_buf jump;
  int damage = 0;  // warnings that mean lost image data

  jpeg_error_mgr* install();
};

}  // namespace cvemu::imaging
