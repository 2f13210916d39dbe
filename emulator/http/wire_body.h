// The body of a request as it comes off the wire: by length or in chunks.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "http/input_buffer.h"
#include "http/message.h"
#include "http/request_head.h"

namespace cvemu {

class WireBody : public Body {
 public:
  WireBody(const RequestHead& head, InputBuffer& input, ByteStream& stream);

  std::optional<std::uint64_t> length() const override { return length_; }
  // The first call sends "100 Continue" to a client that waits for it.
  void each(const std::function<void(std::string_view)>& take) override;

  // For the connection, once the handler is done.
  bool finished() const { return finished_; }
  bool malformed() const { return malformed_; }  // ClientGone was thrown for broken chunks, not for silence
  // Whether skip() has a chance: the rest is small, and the client is not waiting for leave to send it.
  bool can_skip() const;
  // Reads the rest and forgets it, so that the next request can be found. False: too much, or the client is
  // gone.
  bool skip();

 private:
  void allow_sending();
  std::string_view next_piece();  // empty at the end
  void open_chunk();
  void read_trailers();
  std::string_view read_line();
  void need_more(std::uint64_t expected);
  [[noreturn]] void break_off();

  InputBuffer& input_;
  ByteStream& stream_;
  const std::optional<std::uint64_t> length_;
  std::uint64_t left_;  // of the body, or of the current chunk
  bool awaited_;        // the client waits for "100 Continue"
  bool inside_chunks_ = false;
  bool finished_, malformed_ = false, lost_ = false;
};

}  // namespace cvemu
