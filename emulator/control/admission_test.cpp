#include "control/admission.h"

#include <doctest/doctest.h>

namespace cvemu::control_admission_test {

namespace {

// "421 HostNotAllowed", or "" for who may pass.
std::string answer(std::initializer_list<Headers::Field> fields, std::string_view token = "",
                   Peer peer = {}) {
  Request request{Method::Post, "/_emulator/reset", {}};
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  const Exchange exchange{request, {}, std::move(peer), {}, {}};
  try {
    control::admit(exchange, HostPolicy(), token);
    return "";
  } catch (const ApiError& error) {
    if (error.status == 401) CHECK(error.headers.get("WWW-Authenticate") == "Bearer");
    if (error.status == 421) CHECK(error.message.find("--control-host") != std::string::npos);
    CHECK((token.empty() || error.message.find(token) == std::string::npos));
    return std::to_string(error.status) + ' ' + error.code;
  }
}

constexpr const char* kHost = "localhost:10003";

}  // namespace

TEST_CASE("Admission: host, page and token, in this order") {
  CHECK(answer({{"Host", kHost}}).empty());
  CHECK(answer({{"Host", "attacker.example"}}) == "421 HostNotAllowed");
  CHECK(answer({{"Host", "<script>"}}) == "421 HostNotAllowed");
  CHECK(answer({{"Host", "attacker.example"}, {"Sec-Fetch-Site", "cross-site"}}, "secret") ==
        "421 HostNotAllowed");
  CHECK(answer({{"Host", kHost}, {"Sec-Fetch-Site", "cross-site"}}, "secret") == "403 CrossSiteRequest");
  CHECK(answer({{"Host", kHost}, {"Origin", "null"}, {"Authorization", "Bearer secret"}}, "secret") ==
        "403 CrossSiteRequest");
  CHECK(answer({{"Host", kHost}}, "secret") == "401 TokenRequired");
}

TEST_CASE("Admission: the token, whole and as a bearer") {
  for (const char* value : {"Bearer secret", "bearer secret", "Bearer  secret"})
    CHECK(answer({{"Host", kHost}, {"Authorization", value}}, "secret").empty());
  for (const char* value : {"", "secret", "Bearer", "Bearer ", "Bearer secre", "Bearer secrets",
                            "Bearer Secret", "Basic secret", "Bearersecret", "Bearer secret,secret"})
    CHECK(answer({{"Host", kHost}, {"Authorization", value}}, "secret") == "401 TokenRequired");
}

TEST_CASE("Admission: requests from inside pass") {
  CHECK(answer({}, "secret", {.internal = true}).empty());
}

}  // namespace cvemu::control_admission_test
