#include "http/connection.h"

#include "base/blocking.h"
#include "base/required.h"
#include "http/wire_fault.h"

namespace cvemu {

namespace {

// The first byte that a TLS client sends (RFC 8446 5.1). Its greeting has no line end: it would wait for
// ever.
constexpr char kTlsHandshake = 0x16;

// What a client may still send after an answer that ends the connection, before we stop listening to it.
constexpr std::size_t kMaxLingering = 16 * 1024 * 1024;
constexpr std::chrono::seconds kLingerWait{2};

std::size_t length_of_empty_lines(std::string_view bytes) {
  std::size_t at = 0;
  for (;;) {
    if (bytes.substr(at).starts_with('\n'))
      at += 1;
    else if (bytes.substr(at).starts_with("\r\n"))
      at += 2;
    else
      return at;
  }
}

Response plain_answer(int status, std::string_view text) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "text/plain");
  response.body = std::string(text) + '\n';
  return response;
}

bool wants_close(const Response& response) {
  const auto connection = response.headers.find("Connection");
  return connection && lists_token(*connection, "close");
}

}  // namespace

void Connection::serve() {
  try {
    while (serve_one()) {
    }
  } catch (const WireError& error) {
    refuse(error);
  } catch (...) {
    // Cut: a body could not be made to its end, or memory ran out. No answer would be true.
  }
}

bool Connection::serve_one() {
  const std::size_t head_size = read_head();
  if (head_size == 0) return false;
  const RequestHead head = parse_head(input_.unused().substr(0, head_size));
  input_.consume(head_size);

  WireBody body(head, input_, stream_);
  const auto response = answer(head.request, body);
  if (!response) return false;

  Framing framing;
  framing.to_head = head.request.method == Method::Head;
  framing.close = !head.keep_alive || stopping_ || !body.can_skip() || wants_close(*response);
  if (response->wire_fault) {
    send_faulty(*response, framing);
    return false;
  }
  if (!send(*response, framing, stream_)) return false;
  if (!framing.close && body.skip()) return true;
  if (!body.finished() || !input_.unused().empty()) linger();
  return false;
}

// The size of the next head, which stands at the front of the input; 0 if there will be none.
std::size_t Connection::read_head() {
  input_.relax();
  for (std::size_t seen = 0;;) {
    input_.consume(length_of_empty_lines(input_.unused()));
    const std::string_view bytes = input_.unused();
    if (bytes.starts_with(kTlsHandshake)) throw WireError(400, "http:// is spoken here, not https://");
    const std::size_t size = find_head_end(bytes, seen);
    if (size > kMaxHead || (size == 0 && bytes.size() >= kMaxHead)) {
      if (bytes.find('\n') >= kMaxHead) throw WireError(414, "the request line is too long");
      throw WireError(431, "the request head is longer than 64 KiB");
    }
    if (size > 0) return size;
    seen = bytes == "\r" ? 0 : bytes.size();  // an empty line may be just beginning
    if (!input_.fill(1)) return 0;
  }
}

// Nothing if nobody is left to answer.
std::optional<Response> Connection::answer(const Request& request, WireBody& body) {
  try {
    return handler_(request, body, peer_);
  } catch (const ClientGone&) {
    if (body.malformed()) throw WireError(400, "the chunks of the body are broken");
    return std::nullopt;
  } catch (...) {
    return plain_answer(500, "the request could not be served");
  }
}

bool Connection::send(const Response& response, Framing framing, ByteStream& to) {
  head_out_.clear();
  append_head(head_out_, response, framing);
  if (!sends_body(response, framing)) return to.write(head_out_, {}, false);
  if (const auto* text = std::get_if<std::string>(&response.body)) return to.write(head_out_, *text, false);
  return send_stream(std::get<Stream>(response.body), to);
}

// The connection ends behind such an answer, whatever was announced.
void Connection::send_faulty(const Response& response, Framing framing) {
  const WireFault fault = required(response.wire_fault, "the fault");
  FaultyStream faulty(stream_, fault);
  framing.close = true;
  const bool whole = send(response, framing, faulty) && faulty.fail_at_end();
  if (fault.kind != WireFault::Kind::Reset && (whole || fault.breaks_off())) linger();
}

bool Connection::send_stream(const Stream& stream, ByteStream& to) {
  if (stream.length == 0) return to.write(head_out_, {}, false);
  std::string_view head = head_out_;
  std::uint64_t left = stream.length;
  stream.produce([&](std::string_view piece) {
    forbid_blocking_here("sending a body");
    if (piece.empty()) return;
    if (piece.size() > left) throw std::length_error("a body is longer than announced");
    left -= piece.size();
    if (!to.write(head, piece, left > 0)) throw ClientGone();
    head = {};
  });
  return left == 0;
}

void Connection::refuse(const WireError& error) {
  Framing framing;
  framing.close = true;
  if (send(plain_answer(error.status, error.why), framing, stream_)) linger();
}

// Closing a socket with unread bytes resets it, and the reset may overtake the answer. So read on for a
// while.
void Connection::linger() {
  stream_.finish_writing();
  std::size_t taken = input_.unused().size();
  while (taken < kMaxLingering && stream_.readable_within(kLingerWait)) {
    input_.consume(input_.unused().size());
    if (!input_.fill(kMaxLingering)) return;
    taken += input_.unused().size();
  }
}

}  // namespace cvemu
