#include "http/tls.h"

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "http/listener.h"
#include "http/test_client.h"
#include "http/transport.h"

namespace cvemu::http_tls_test {

namespace {

std::string drain(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

// A key and a certificate for "localhost" that it signed itself, fresh for this run.
struct SelfSigned {
  SelfSigned() : key(EVP_EC_gen("P-256")), certificate(X509_new()) {
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"),
                               -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
  }
  ~SelfSigned() {
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  TlsIdentity identity() const {
    BIO* certificate_pem = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(certificate_pem, certificate);
    BIO* key_pem = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(key_pem, key, nullptr, nullptr, 0, nullptr, nullptr);
    return {drain(certificate_pem), drain(key_pem)};
  }
  std::string pfx(const char* password) const {
    PKCS12* packed = PKCS12_create(password, "name", key, certificate, nullptr, 0, 0, 0, 0, 0);
    BIO* bytes = BIO_new(BIO_s_mem());
    i2d_PKCS12_bio(bytes, packed);
    PKCS12_free(packed);
    return drain(bytes);
  }

  EVP_PKEY* key;
  X509* certificate;
};

Response echo(const Request& request, Body& body, const Peer& peer) {
  Response response;
  response.body = request.target + (peer.encrypted ? " encrypted " : " plain ") + body.all(64 << 20);
  return response;
}

Response ask(int port, const std::string& target, std::string body) {
  Request request;
  request.method = Method::Put;
  return Network({}).send(*Url::parse("https://127.0.0.1:" + std::to_string(port) + target), request,
                          std::move(body));
}

}  // namespace

TEST_CASE("TLS: an endpoint with an identity speaks HTTPS, small bodies and large") {
  Listener endpoint("127.0.0.1", 0, echo, SelfSigned().identity());
  endpoint.start();
  CHECK(std::get<std::string>(ask(endpoint.port(), "/a?b", "text").body) == "/a?b encrypted text");
  const std::string large(kMaxAnswerBytes - 100, 'x');  // many records
  CHECK(std::get<std::string>(ask(endpoint.port(), "/", large).body) == "/ encrypted " + large);
}

TEST_CASE(
    "TLS: a client that speaks plain HTTP is told so, one that speaks neither is sent away, and harms "
    "nobody") {
  Listener endpoint("127.0.0.1", 0, echo, SelfSigned().identity());
  endpoint.start();
  TestClient plain(endpoint.port());
  REQUIRE(plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  CHECK(plain.read_to_end().find("400 Bad Request") != std::string::npos);
  TestClient rubbish(endpoint.port());
  REQUIRE(rubbish.send("\x01\x02 no greeting\r\n\r\n"));
  CHECK(rubbish.read_to_end().find("HTTP") == std::string::npos);
  TestClient silent(endpoint.port());
  CHECK(ask(endpoint.port(), "/", "").status == 200);
  endpoint.stop();
}

TEST_CASE("TLS: certificate and key from a PFX file") {
  const std::string pfx = SelfSigned().pfx("secret");
  Listener endpoint("127.0.0.1", 0, echo, TlsIdentity::from_pfx(pfx, "secret"));
  endpoint.start();
  CHECK(ask(endpoint.port(), "/", "").status == 200);
  CHECK_THROWS_AS(TlsIdentity::from_pfx(pfx, "wrong"), TlsError);
  CHECK_THROWS_AS(TlsIdentity::from_pfx("rubbish", ""), TlsError);
}

TEST_CASE("TLS: an unusable identity is an error that says what is wrong") {
  const TlsIdentity one = SelfSigned().identity(), other = SelfSigned().identity();
  CHECK_NOTHROW(TlsContext({one.certificate_pem + other.certificate_pem, one.key_pem}));
  const auto why = [](const TlsIdentity& identity) -> std::string {
    try {
      TlsContext context(identity);
      return "";
    } catch (const TlsError& error) {
      return error.what();
    }
  };
  CHECK(why({"", one.key_pem}).starts_with("the TLS certificate cannot be used"));
  CHECK(why({one.certificate_pem, "rubbish"}).starts_with("the TLS key cannot be used"));
  CHECK(why({one.certificate_pem, other.key_pem}).find("key") != std::string::npos);
  CHECK_THROWS_AS(Listener("127.0.0.1", 0, echo, TlsIdentity{}), TlsError);
}

}  // namespace cvemu::http_tls_test
