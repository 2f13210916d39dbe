// Secrets by what they look like, and base64 around others.
#include <algorithm>

#include "base/masker.h"
#include "base/secrets.h"
#include "base/text.h"

namespace cvemu {

namespace {

constexpr int kDeepest = 3;            // layers of base64
constexpr std::size_t kShortest = 16;  // digits of base64 that can hold a name and a secret
constexpr std::size_t kLongestUserInfo = 512;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// As a digit of the standard alphabet; 0 if it is none. The other alphabet is for URLs.
char base64_digit(char c) {
  if (is_letter_or_digit(c) || c == '+' || c == '/') return c;
  return c == '-' ? '+' : c == '_' ? '/' : '\0';
}

bool is_token_char(char c) {
  return base64_digit(c) || c == '.' || c == '~' || c == '=';
}

std::string decode(std::string digits) {
  if (digits.size() % 4 == 1) digits.pop_back();  // cut off
  digits.append((4 - digits.size() % 4) % 4, '=');
  return base64_decode(digits).value_or(std::string());
}

// What is not begins with a control character sooner or later.
bool begins_as_text(std::string_view bytes) {
  constexpr std::size_t kLooked = 12;
  return std::none_of(
      bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(kLooked, bytes.size())),
      [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\r' && c != '\t'; });
}

// The head of a JSON Web Token.
bool is_token_head(std::string_view json) {
  for (const std::string_view first : {R"({"alg")", R"({"typ")", R"({"kid")", R"({"x5t")", R"({"enc")"})
    if (json.starts_with(first)) return true;
  return false;
}

// Letters of both cases and digits: no word, no id.
bool is_mixed(std::string_view digits) {
  const auto any = [&](char from, char to) {
    return std::any_of(digits.begin(), digits.end(), [&](char c) { return c >= from && c <= to; });
  };
  return any('a', 'z') && any('A', 'Z') && any('0', '9');
}

}  // namespace

struct Masker::Lump {
  std::string digits;  // of the standard alphabet, without padding
  std::size_t padding = 0;
  std::size_t end = 0;
  bool escaped = false;   // some of them stand under an escape
  bool for_urls = false;  // of the other alphabet
};

std::optional<std::size_t> Masker::by_form(const Word& word, char before) {
  const std::string_view name = word.name();
  if (name == "bearer") return bearer(word.end);
  if (name == "sharedkey" || name == "sharedkeylite") return shared_key(word.end);
  if (name == "signature") return quoted_signature(word.end);
  if (name == "userdelegationkey" || name == "value") return delegation_key(word, before);
  return std::nullopt;
}

// "Bearer tokens are refused" and "Bearer authorization_uri=..." name none.
std::optional<std::size_t> Masker::bearer(std::size_t begin) {
  const std::size_t start = skip_blanks(begin);
  if (start == begin) return std::nullopt;
  std::string token;
  std::size_t end = start;
  for (MeantChar c = at(end); is_token_char(c.meaning); c = at(end)) {
    token += c.meaning;
    end += c.width;
  }
  constexpr std::size_t kLongestWord = 15;
  const std::string_view word = std::string_view(token).substr(0, token.find_last_not_of(".~") + 1);
  const bool has_value = word.find('=') < word.find_last_not_of('=') && word.find('=') != word.npos;
  const bool is_english = word.size() <= kLongestWord &&
                          std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (has_value || is_english) return std::nullopt;
  mask(start, end);
  return end;
}

std::optional<std::size_t> Masker::shared_key(std::size_t begin) {
  const std::size_t account = skip_blanks(begin);
  if (account == begin) return std::nullopt;
  const auto signature = skip_text(read_word(account).end, ":");
  if (!signature) return std::nullopt;
  const std::size_t end = run_end(*signature);
  mask(*signature, end);
  return end;
}

// Azure: the storage services repeat a signature that does not fit (errors.cpp has the text).
std::optional<std::size_t> Masker::quoted_signature(std::size_t begin) {
  const auto phrase = skip_text(begin, " found in the HTTP request ");
  const auto quote = phrase ? quote_at(*phrase) : std::nullopt;
  if (!quote) return std::nullopt;
  const std::size_t end = quoted_end(*quote);
  mask(quote->end, end);
  return end;
}

std::optional<std::size_t> Masker::delegation_key(const Word& word, char before) {
  if (word.name() != "value") {
    if (before == '<' || before == '/') in_delegation_key_ = before == '<';
    return std::nullopt;
  }
  const MeantChar mark = at(word.end);
  if (!in_delegation_key_ || before != '<' || mark.meaning != '>') return std::nullopt;
  const std::size_t begin = word.end + mark.width, end = element_end(begin, mark);
  mask(begin, end);
  return end;
}

// http://user:password@host; `begin` is behind the colon.
std::optional<std::size_t> Masker::password_in_url(std::size_t begin) {
  const auto start = skip_text(begin, "//");
  if (!start) return std::nullopt;
  std::optional<std::size_t> password;
  for (std::size_t i = *start; !is_end(i) && i - *start < kLongestUserInfo;) {
    const MeantChar c = at(i);
    if (c.meaning == '@') {
      if (!password) return std::nullopt;
      mask(*password, i);
      return i;
    }
    if (static_cast<unsigned char>(c.meaning) <= ' ' ||
        std::string_view("/?#\"'<>\\&").find(c.meaning) != std::string_view::npos)
      break;
    i += c.width;
    if (c.meaning == ':' && !password) password = i;
  }
  return std::nullopt;
}

// A run of base64. Lines as long as mail programs and certificates have them belong together.
Masker::Lump Masker::read_lump(std::size_t begin) const {
  constexpr std::size_t kShortestLine = 60;
  Lump lump;
  for (lump.end = begin; !is_end(lump.end);) {
    const MeantChar c = at(lump.end);
    const char digit = base64_digit(c.meaning);
    if (digit == '\0') {
      if (c.meaning != '\n' && c.meaning != '\r') break;
      const std::size_t next = skip_blanks(lump.end, true);
      if (lump.digits.size() < kShortestLine || lump.digits.size() % 4 != 0 ||
          !base64_digit(at(next).meaning))
        break;
      lump.end = next;
      continue;
    }
    lump.digits += digit;
    lump.escaped = lump.escaped || c.width > 1;
    lump.for_urls = lump.for_urls || digit != c.meaning;
    lump.end += c.width;
  }
  for (MeantChar c = at(lump.end); c.meaning == '=' && lump.padding < 2; c = at(lump.end)) {
    ++lump.padding;
    lump.escaped = lump.escaped || c.width > 1;
    lump.end += c.width;
  }
  return lump;
}

// Of two or three parts between dots; the first two are JSON.
std::optional<std::size_t> Masker::web_token(std::size_t begin, const Lump& lump) {
  constexpr std::size_t kShortestPart = 5;
  const auto second = lump.digits.starts_with("eyJ") ? skip_text(lump.end, ".") : std::nullopt;
  if (!second) return std::nullopt;
  std::size_t end = *second, digits = 0;
  for (MeantChar c = at(end); base64_digit(c.meaning) || c.meaning == '.'; c = at(end), ++digits)
    end += c.width;
  if (digits < kShortestPart && !is_end(end)) return std::nullopt;
  mask(begin, end);
  return end;
}

std::optional<std::size_t> Masker::lump(std::size_t begin) {
  const Lump lump = read_lump(begin);
  tried_until_ = lump.end;
  if (const auto end = web_token(begin, lump)) return end;
  if (lump.digits.size() < kShortest) return std::nullopt;
  // An account key is 64 bytes. The first digits may be ones that begin no word: + and /.
  constexpr std::size_t kAccountKey = 86;
  const bool is_key =
      lump.padding == 2 && lump.digits.size() <= kAccountKey && lump.digits.size() + 2 >= kAccountKey;
  const bool is_cut_key =
      goes_on_ && is_end(lump.end) && lump.digits.size() <= kAccountKey && is_mixed(lump.digits);
  if (!is_key && encoded(begin, lump)) return lump.end;
  if (!is_key && !is_cut_key) return std::nullopt;
  mask(begin, lump.end);
  return lump.end;
}

// Base64 of a text with secrets is replaced by base64 of that text without them.
bool Masker::encoded(std::size_t begin, const Lump& lump) {
  if (depth_ >= kDeepest) return false;
  const std::string text = decode(lump.digits);
  if (!begins_as_text(text)) return false;
  const bool cut = is_end(lump.end);
  if (cut && is_token_head(text)) return mask(begin, lump.end), true;
  const std::string clean = Masker(text, goes_on_ && cut, depth_ + 1).run();
  if (clean == text) return false;
  std::string again = base64_encode(clean);
  if (lump.padding == 0 && lump.digits.size() % 4 != 0) again.erase(again.find_last_not_of('=') + 1);
  if (lump.for_urls)
    std::transform(again.begin(), again.end(), again.begin(), [](char c) {
      return c == '+' ? '-' : c == '/' ? '_' : c;
    });
  replace(begin, lump.end, lump.escaped ? kMask : std::string_view(again));
  return true;
}

}  // namespace cvemu
