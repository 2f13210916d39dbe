// HTTPS: the same connection inside TLS 1.2 or 1.3 (OpenSSL).
#pragma once
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "http/byte_stream.h"

struct ssl_ctx_st;
struct ssl_st;

namespace cvemu {

// Unusable certificate or key. what() says which, and why.
struct TlsError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Who an endpoint says it is.
struct TlsIdentity {
  std::string certificate_pem;  // may be followed by the rest of its chain
  std::string key_pem;          // without a passphrase

  // From a PKCS#12 file, the form that Windows exports. Throws TlsError.
  static TlsIdentity from_pfx(std::string_view bytes, const std::string& password);
};

// One per listener; shared by its connections.
class TlsContext {
 public:
  explicit TlsContext(const TlsIdentity& identity);  // throws TlsError

 private:
  friend class TlsStream;
  std::shared_ptr<ssl_ctx_st> context_;
};

// Does not own the descriptor, whose time-outs are used. SIGPIPE must not reach its thread.
class TlsStream : public ByteStream {
 public:
  TlsStream(const TlsContext& context, int descriptor);
  ~TlsStream() override;

  bool shake_hands();  // once, before anything else; false: no TLS client
  std::size_t read(char* to, std::size_t room) override;
  bool write(std::string_view first, std::string_view second, bool more) override;
  bool readable_within(std::chrono::milliseconds time) override;
  void finish_writing() override;
  void reset() override;

 private:
  bool write_all(std::string_view bytes);
  bool usable(int result);

  const int descriptor_;
  const std::unique_ptr<ssl_st, void (*)(ssl_st*)> tls_;
  bool broken_ = true, finished_ = false;
  std::string joined_;  // kept for its memory
};

}  // namespace cvemu
