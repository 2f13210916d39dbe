// One client's connection: finds the requests in its bytes, hands them to the handler one after the other,
// and writes the answers.
//
// The whole of HTTP/1.1 that the emulator speaks stands in the files around this one rather than in a
// library, because signatures need header values as they were sent, and blobs need ranges, lengths and
// encodings left alone: request_head (reading), wire_body (bodies), response_head (writing), input_buffer and
// byte_stream.
#pragma once
#include <atomic>
#include <cstddef>
#include <optional>
#include <string>

#include "http/byte_stream.h"
#include "http/input_buffer.h"
#include "http/listener.h"
#include "http/message.h"
#include "http/request_head.h"
#include "http/response_head.h"
#include "http/wire_body.h"

namespace cvemu {

class Connection {
 public:
  // All must outlive it. Once `stopping` is set, the next answer is the last.
  Connection(ByteStream& stream, const Handler& handler, const Peer& peer, const std::atomic<bool>& stopping)
      : stream_(stream), handler_(handler), peer_(peer), stopping_(stopping), input_(stream) {}

  // Serves until one side wants to end. Does not close the stream. Never throws.
  void serve();

 private:
  bool serve_one();
  std::size_t read_head();
  std::optional<Response> answer(const Request& request, WireBody& body);
  bool send(const Response& response, Framing framing, ByteStream& to);
  bool send_stream(const Stream& stream, ByteStream& to);
  void send_faulty(const Response& response, Framing framing);
  void refuse(const WireError& error);
  void linger();

  ByteStream& stream_;
  const Handler& handler_;
  const Peer& peer_;
  const std::atomic<bool>& stopping_;
  InputBuffer input_;
  std::string head_out_;  // kept for its memory
};

}  // namespace cvemu
