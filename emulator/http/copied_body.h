// A request's body on its way to the service: remembers how it began, and can be read ahead.
#pragma once
#include <cstdint>
#include <string>

#include "http/message.h"

namespace cvemu {

class CopiedBody : public Body {
 public:
  // Keeps the first `kept` bytes.
  CopiedBody(Body& source, std::size_t kept) : source_(source), kept_(kept) {}

  std::optional<std::uint64_t> length() const override { return source_.length(); }
  void each(const std::function<void(std::string_view)>& take) override;

  // Reads it to its end if it is announced to be at most `limit` bytes long; the service will read it all the
  // same. False if it is longer, or its length is not known.
  bool read_ahead(std::uint64_t limit);
  // Of read_ahead: every byte.
  const std::string& whole() const { return whole_; }

  const std::string& beginning() const { return beginning_; }
  std::uint64_t seen() const { return seen_; }  // bytes so far

 private:
  void note(std::string_view piece);
  Body& source_;
  const std::size_t kept_;
  std::string beginning_, whole_;
  std::uint64_t seen_ = 0;
  bool is_ahead_ = false;
};

}  // namespace cvemu
