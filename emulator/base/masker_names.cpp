// Secrets by the names before them.
#include "base/masker.h"
#include "base/secret_names.h"
#include "base/text.h"

namespace cvemu {

namespace {

bool is_digit(char c) {
  return (c >= '0' && c <= '9') || c == '-';
}

}  // namespace

std::optional<std::size_t> Masker::named(std::size_t begin, const Word& word, char before) {
  const auto found = separator(word.end, before);
  if (!found || is_prose(begin, word, *found)) return std::nullopt;
  return value(*found, word.name());
}

// "--training-key: 1 required" and "it asks for a token: Authorization": a sentence about a secret, without
// one.
bool Masker::is_prose(std::size_t begin, const Word& word, const Separator& separator) const {
  if (separator.kind != Separator::Assignment || separator.mark.meaning != ':') return false;
  if (at(begin).meaning == '-') return true;
  if (word.name() != "token" && word.name() != "signature") return false;
  constexpr std::size_t kLongestWord = 15;
  std::size_t length = 0;
  for (std::size_t i = skip_blanks(separator.end); !is_end(i); i += at(i).width, ++length) {
    const char c = at(i).meaning;
    const bool is_letter = (c >= 'a' && c <= 'z') || (length == 0 && c >= 'A' && c <= 'Z');
    if (!is_letter)
      return length > 0 && length <= kLongestWord &&
             std::string_view(" .,:;!?").find(c) != std::string_view::npos;
    if (length > kLongestWord) return false;
  }
  return false;
}

std::optional<Masker::Separator> Masker::separator(std::size_t begin, char before) const {
  const auto quote = quote_at(begin);
  std::size_t pos = quote ? quote->end : begin;
  const MeantChar next = at(pos);
  if (!quote && next.meaning == '>' && before == '<')
    return Separator{Separator::Element, pos + next.width, next};
  if (!quote && next.meaning == '<') return pair_of_elements(pos);
  pos = skip_blanks(pos, quote.has_value());
  const MeantChar mark = at(pos);
  if (mark.meaning == ':' || mark.meaning == '=')
    return Separator{quote ? Separator::Member : Separator::Assignment, pos + mark.width, mark};
  return quote ? pair_of_members(pos) : std::nullopt;
}

// Behind name="Training-Key": , "value":
std::optional<Masker::Separator> Masker::pair_of_members(std::size_t begin) const {
  if (const MeantChar comma = at(begin); comma.meaning == ',') begin = skip_blanks(begin + comma.width, true);
  if (const auto open = quote_at(begin)) begin = open->end;
  const Word word = read_word(begin);
  if (word.name() != "value") return std::nullopt;
  const auto close = quote_at(word.end);
  const std::size_t pos = skip_blanks(close ? close->end : word.end, true);
  const MeantChar mark = at(pos);
  if (mark.meaning != ':' && mark.meaning != '=') return std::nullopt;
  return Separator{Separator::Member, pos + mark.width, mark};
}

// Behind <HeaderName>x-ms-encryption-key: </HeaderName><HeaderValue>
std::optional<Masker::Separator> Masker::pair_of_elements(std::size_t begin) const {
  const auto closing = skip_text(begin, "</");
  if (!closing) return std::nullopt;
  const Word name = read_word(*closing);
  const auto close = name.name().ends_with("name") ? skip_text(name.end, ">") : std::nullopt;
  const auto open = close ? skip_text(skip_blanks(*close, true), "<") : std::nullopt;
  if (!open) return std::nullopt;
  const Word value = read_word(*open);
  const MeantChar mark = at(value.end);
  if (!value.name().ends_with("value") || mark.meaning != '>') return std::nullopt;
  return Separator{Separator::Element, value.end + mark.width, mark};
}

std::size_t Masker::value(const Separator& separator, std::string_view name) {
  if (separator.kind == Separator::Element) {
    const std::size_t end = element_end(separator.end, separator.mark);
    secret(separator.end, end, name);
    return end;
  }
  const bool is_member = separator.kind == Separator::Member;
  const std::size_t begin = skip_blanks(separator.end, is_member);
  const auto quote = quote_at(begin);
  if (quote && (is_member || opens(*quote))) return quoted(*quote, name, !is_member);
  return is_member ? member(begin, name, separator.mark) : plain(begin, name, separator.mark);
}

// A member's value that is no text. Other literals than numbers tell nothing, and an object's members have
// names.
std::size_t Masker::member(std::size_t begin, std::string_view name, const MeantChar& opening) {
  const MeantChar first = at(begin);
  if (first.meaning == '[') return list(begin + first.width, name);
  if (is_digit(first.meaning)) {
    std::size_t end = begin;
    for (MeantChar c = first;
         is_digit(c.meaning) || c.meaning == '.' || c.meaning == '+' || iequals({&c.meaning, 1}, "e");
         c = at(end))
      end += c.width;
    replace(begin, end, "0");
    return end;
  }
  const Word word = read_word(begin);
  if (word.name() == "null" || word.name() == "true" || word.name() == "false") return begin;
  return plain(begin, name, opening);
}

std::size_t Masker::plain(std::size_t begin, std::string_view name, const MeantChar& opening) {
  const char first = at(begin).meaning;
  if (first == '{' || first == '[') return begin;
  const bool is_cookie = name.ends_with("cookie");
  const std::size_t end = is_cookie                     ? line_end(begin, opening)
                          : is_authorization_name(name) ? authorization_end(begin, opening)
                                                        : run_end(begin);
  if (name == "token" && skip_text(begin, "http")) return begin;
  secret(begin, end, name);
  return end;
}

std::size_t Masker::quoted(const Quote& quote, std::string_view name, bool in_markup) {
  if (name == "token" && skip_text(quote.end, "http")) return quote.end;  // the token of an export is a URL
  const std::size_t end = quoted_end(quote, in_markup);
  secret(quote.end, end, name);
  return end;
}

std::size_t Masker::list(std::size_t begin, std::string_view name) {
  for (;;) {
    begin = skip_blanks(begin, true);
    const auto quote = quote_at(begin);
    if (!quote) return begin;
    const std::size_t end = quoted_end(*quote);
    secret(quote->end, end, name);
    const auto close = quote_at(end);
    if (!close) return end;
    begin = skip_blanks(close->end, true);
    if (const MeantChar comma = at(begin); comma.meaning == ',') begin += comma.width;
  }
}

void Masker::secret(std::size_t begin, std::size_t end, std::string_view name) {
  if (is_authorization_name(name))
    credentials(begin, end);
  else
    mask(begin, end);
}

// The scheme and an account's name may be known.
void Masker::credentials(std::size_t begin, std::size_t end) {
  const Word scheme = read_word(begin);
  if (!is_authorization_scheme(scheme.name())) return mask(begin, end);
  const std::size_t rest = skip_blanks(scheme.end);
  if (rest == scheme.end) return mask(begin, end);
  std::size_t keep = rest;
  if (scheme.name().starts_with("sharedkey")) {
    const Word account = read_word(rest);
    if (const auto colon = skip_text(account.end, ":")) keep = *colon;
  }
  mask(keep, end);
}

}  // namespace cvemu
