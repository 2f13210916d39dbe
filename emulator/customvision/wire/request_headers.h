// Request headers that say how a body is to be read: obeyed, or refused by their names.
#pragma once
#include "http/service.h"

namespace cvemu::customvision {

// Throws 415 UnsupportedMediaType for a body that is compressed (Content-Encoding) or JSON in another
// encoding than UTF-8 (charset of Content-Type), 400 BadRequest for a part of a body (Content-Range).
// Requests without a body pass.
void check_request_headers(const RequestContext&);

}  // namespace cvemu::customvision
