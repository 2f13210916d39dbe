// Properties of base/secrets.h, held by texts made at random: what was JSON, XML or a URL still is, and
// nothing of what was planted can be read.
#include "base/secrets.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "base/json.h"
#include "base/text.h"
#include "base/url.h"
#include "storage/xml.h"

namespace cvemu::control_secrets_test {

namespace {

constexpr int kRounds = 3000;

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  template <class List>
  auto any(const List& list) {
    return list[static_cast<std::size_t>(below(static_cast<int>(std::size(list))))];
  }

  std::string letters(std::string_view from, int least, int more) {
    std::string text;
    for (int i = least + below(more + 1); i > 0; --i) text += any(from);
    return text;
  }

  // Remembered, to be looked for. Begins with letters that nothing else has.
  std::string secret(std::string_view from) {
    const std::string made = "QZ" + letters(kAlphabet, 8, 4) + letters(from, 4, 30);
    secrets_.push_back(made);
    return made;
  }
  std::string signature() { return secret(kBase64); }

  std::string sas() {
    return "http://127.0.0.1:10001/acct/q?sv=2021-12-02&se=2030-01-01T00%3A00%3A00Z&sig=" +
           percent_encode(signature()) + (below(2) ? "&sp=a" : "");
  }

  // A text with a secret in it, or one that only looks so.
  std::string text() {
    switch (below(9)) {
      case 0:
        return sas();
      case 1:
        return "tried " + sas() + ", then gave up";
      case 2:
        return "AccountName=a;AccountKey=" + signature() + ";EndpointSuffix=x";
      case 3:
        return "Authorization: SharedKey acct:" + signature();
      case 4:
        return "http://h/p?uri=" + percent_encode(sas()) + "&name=x";
      case 5:
        return Json{{"uri", sas()}, {"x", letters(kNoise, 0, 5)}}.dump();
      case 6:
        return base64_encode(Json{{"uri", sas()}}.dump());
      case 7:
        return "Training-Key: " + secret(kAlphabet);
      default:
        return noise();
    }
  }

  std::string noise() {
    static constexpr std::string_view kPieces[] = {
        "sig=", "token: ", "pwd='", "\"",          "'",  "\\",      "\\\"",    "&",    "<",       ">",
        "%2",   "%25",     "&amp;", "\\u00",       "{",  "}",       "[",       ":",    "=",       ",",
        " ",    "\n",      "é",     "password=\"", "</", "<Value>", "Bearer ", "eyJ.", "://a:b@", "<Key>x"};
    std::string text;
    for (int i = below(8); i > 0; --i) text += any(kPieces);
    return text;
  }

  Json json(int depth) {
    static constexpr std::string_view kSecretNames[] = {"Training-Key", "trainingKey", "accountKey", "sig",
                                                        "x-ms-encryption-key"};
    if (depth == 0 || below(3) == 0) return text();
    Json made = below(3) ? Json::object() : Json::array();
    for (int i = 1 + below(4); i > 0; --i) {
      if (made.is_array())
        made.push_back(json(depth - 1));
      else if (below(3) == 0)
        made[std::string(any(kSecretNames))] = secret(kAnything);
      else
        made["member" + std::to_string(i)] = below(4) ? json(depth - 1) : Json(json(depth - 1).dump());
    }
    return made;
  }

  // The name of a secret that can be read in `text`, in whatever writing; "" if there is none.
  std::string readable_in(const std::string& text) const {
    for (const std::string& secret : secrets_) {
      const std::string begin = secret.substr(0, 8);
      for (const std::string& form : {begin, percent_encode(begin), base64_encode(begin).substr(0, 10)})
        if (text.find(form) != std::string::npos) return secret;
    }
    return {};
  }
  std::size_t planted() const { return secrets_.size(); }

 private:
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  static constexpr std::string_view kBase64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
  static constexpr std::string_view kAnything = "abcABC012\"\\/<>&'%=: ,{}\n+";
  static constexpr std::string_view kNoise = "\"\\/<>&'%=: ,{}\n+u0026";
  std::mt19937 random_;
  std::vector<std::string> secrets_;
};

// The same members and lengths, whatever the texts are.
bool same_shape(const Json& a, const Json& b) {
  if (a.is_string()) return b.is_string();
  if (a.type() != b.type() || a.size() != b.size()) return false;
  for (auto x = a.begin(), y = b.begin(); x != a.end(); ++x, ++y)
    if ((a.is_object() && x.key() != y.key()) || !same_shape(*x, *y)) return false;
  return true;
}

}  // namespace

TEST_CASE("secrets: JSON stays JSON of the same shape, and keeps none") {
  std::size_t planted = 0;
  for (unsigned seed = 0; seed < kRounds; ++seed) {
    Maker maker(seed);
    const Json json = maker.json(4);
    const std::string text = maker.below(2) ? json.dump() : json.dump(2), shown = masked(text);
    planted += maker.planted();
    const Json again = Json::parse(shown, nullptr, false);
    REQUIRE_MESSAGE(!again.is_discarded(), "seed " << seed << '\n' << text << '\n' << shown);
    REQUIRE_MESSAGE(same_shape(json, again), "seed " << seed << '\n' << text << '\n' << shown);
    REQUIRE_MESSAGE(maker.readable_in(shown) == "", "seed " << seed << '\n' << text << '\n' << shown);
    REQUIRE_MESSAGE(same_shape(json, Json::parse(masked(shown), nullptr, false)), "seed " << seed << '\n'
                                                                                          << shown);
  }
  CHECK(planted > kRounds);
}

TEST_CASE("secrets: XML stays XML, and keeps none") {
  for (unsigned seed = 0; seed < kRounds; ++seed) {
    Maker maker(seed);
    XmlWriter xml;
    xml.open("Root");
    for (int i = 1 + maker.below(4); i > 0; --i) {
      if (maker.below(4) == 0)
        xml.element("AccountKey", maker.secret("abc+/="));
      else
        xml.open("Inner").element("Text", maker.text()).element("Json", maker.json(2).dump()).close("Inner");
    }
    const std::string text = xml.close("Root").take(), shown = masked(text);
    REQUIRE_MESSAGE(maker.readable_in(shown) == "", "seed " << seed << '\n' << text << '\n' << shown);
    try {
      parse_xml(shown, "Root");
    } catch (const ApiError& error) {
      FAIL("seed " << seed << ": " << error.message << '\n' << text << '\n' << shown);
    }
  }
}

TEST_CASE("secrets: a URL stays one with the same parameters, and keeps none") {
  for (unsigned seed = 0; seed < kRounds; ++seed) {
    Maker maker(seed);
    std::string text = "http://127.0.0.1:10001/path?";
    std::vector<std::string> names;
    for (int i = 1 + maker.below(4); i > 0; --i) {
      names.push_back("p" + std::to_string(i));
      text += names.back() + '=' + percent_encode(maker.below(2) ? maker.text() : maker.json(2).dump()) + '&';
    }
    text += "sig=" + percent_encode(maker.signature());
    const std::string shown = masked(text);
    REQUIRE_MESSAGE(maker.readable_in(shown) == "", "seed " << seed << '\n' << text << '\n' << shown);
    const auto url = Url::parse(shown);
    REQUIRE(url);
    CHECK(percent_decode(url->query));
    const Query query = Query::parse(url->query);
    REQUIRE(query.all().size() == names.size() + 1);
    for (std::size_t i = 0; i < names.size(); ++i) CHECK(query.all()[i].first == names[i]);
  }
}

TEST_CASE("secrets: a text that is cut anywhere shows no more") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Maker maker(seed);
    const std::string text = maker.json(3).dump();
    for (std::size_t length = 0; length < std::min<std::size_t>(text.size(), 400); length += 1 + length % 3)
      REQUIRE_MESSAGE(maker.readable_in(masked_beginning(text.substr(0, length))) == "",
                      "seed " << seed << '\n'
                              << text.substr(0, length));
  }
}

}  // namespace cvemu::control_secrets_test
