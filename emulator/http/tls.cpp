#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <climits>

namespace cvemu {

namespace {

// One TLS record. A head and a body that fit leave together.
constexpr std::size_t kRecord = 16 * 1024;

template <class T, void (*release)(T*)>
struct Release {
  void operator()(T* value) const { release(value); }
};
using Bio = std::unique_ptr<BIO, Release<BIO, BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Release<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY, EVP_PKEY_free>>;
using Pfx = std::unique_ptr<PKCS12, Release<PKCS12, PKCS12_free>>;

[[noreturn]] void fail(const std::string& what) {
  ERR_clear_error();
  throw TlsError(what);
}

Bio bio_of(std::string_view bytes) {
  return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX))));
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

void use_certificates(SSL_CTX* context, const std::string& pem) {
  const Bio bio = bio_of(pem);
  const Certificate own(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1)
    fail("the TLS certificate cannot be used; it has to be a PEM file, or a PFX file with its password");
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
    if (SSL_CTX_add0_chain_cert(context, next) != 1) fail("the chain of the TLS certificate cannot be used");
  ERR_clear_error();  // the end of the text
}

void use_key(SSL_CTX* context, const std::string& pem) {
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  const Key key(PEM_read_bio_PrivateKey(bio_of(pem).get(), nullptr, no_passphrase, nullptr));
  if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    fail("the TLS key cannot be used; it has to be a PEM file without a passphrase");
  if (SSL_CTX_check_private_key(context) != 1) fail("the TLS key does not belong to the certificate");
}

}  // namespace

TlsIdentity TlsIdentity::from_pfx(std::string_view bytes, const std::string& password) {
  const Pfx pfx(d2i_PKCS12_bio(bio_of(bytes).get(), nullptr));
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  if (!pfx || PKCS12_parse(pfx.get(), password.c_str(), &key, &certificate, nullptr) != 1)
    fail("the PFX file cannot be read; is it one, and the password right? A PEM file needs its key");
  const Key owned_key(key);
  const Certificate owned_certificate(certificate);
  if (!key || !certificate) fail("the PFX file has no certificate with a key");
  const Bio key_pem(BIO_new(BIO_s_mem())), certificate_pem(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PrivateKey(key_pem.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509(certificate_pem.get(), certificate) != 1)
    fail("the PFX file cannot be converted");
  return {text_of(certificate_pem.get()), text_of(key_pem.get())};
}

TlsContext::TlsContext(const TlsIdentity& identity)
    : context_(SSL_CTX_new(TLS_server_method()), [](SSL_CTX* context) { SSL_CTX_free(context); }) {
  if (!context_) fail("TLS is not available");
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
  // TLS 1.2 with forward secrecy and an authenticated cipher only; TLS 1.3 has no others.
  if (SSL_CTX_set_cipher_list(context_.get(), "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM") != 1)
    fail("TLS has no usable cipher");
  SSL_CTX_set_mode(context_.get(), SSL_MODE_RELEASE_BUFFERS);  // idle connections stay small
  use_certificates(context_.get(), identity.certificate_pem);
  use_key(context_.get(), identity.key_pem);
}

TlsStream::TlsStream(const TlsContext& context, int descriptor)
    : descriptor_(descriptor), tls_(SSL_new(context.context_.get()), SSL_free) {
  if (tls_) SSL_set_fd(tls_.get(), descriptor);
}

TlsStream::~TlsStream() {
  if (!broken_ && !finished_) SSL_shutdown(tls_.get());
  ERR_clear_error();
}

bool TlsStream::shake_hands() {
  broken_ = !tls_;
  return !broken_ && usable(SSL_accept(tls_.get()));
}

// After a failure OpenSSL wants not to be called again; a time-out is one for us, too.
bool TlsStream::usable(int result) {
  if (result > 0) return true;
  broken_ = true;
  ERR_clear_error();
  return false;
}

std::size_t TlsStream::read(char* to, std::size_t room) {
  if (broken_) return 0;
  const int count = SSL_read(tls_.get(), to, static_cast<int>(std::min<std::size_t>(room, INT_MAX)));
  if (count <= 0 && SSL_get_error(tls_.get(), count) == SSL_ERROR_ZERO_RETURN) return 0;  // a proper end
  return usable(count) ? static_cast<std::size_t>(count) : 0;
}

bool TlsStream::write(std::string_view first, std::string_view second, bool) {
  if (first.size() + second.size() > kRecord) return write_all(first) && write_all(second);
  joined_.assign(first).append(second);
  return write_all(joined_);
}

bool TlsStream::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    if (broken_) return false;
    const int count =
        SSL_write(tls_.get(), bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX)));
    if (!usable(count)) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool TlsStream::readable_within(std::chrono::milliseconds time) {
  if (broken_ || SSL_pending(tls_.get()) > 0) return true;
  pollfd wanted{descriptor_, POLLIN, 0};
  return ::poll(&wanted, 1, static_cast<int>(time.count())) != 0;
}

void TlsStream::finish_writing() {
  if (!broken_) SSL_shutdown(tls_.get());
  finished_ = true;
  ::shutdown(descriptor_, SHUT_WR);
}

void TlsStream::reset() {
  broken_ = true;
  SocketStream(descriptor_).reset();
}

}  // namespace cvemu
