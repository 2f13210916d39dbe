#include "base/masker.h"

#include <algorithm>
#include <utility>

#include "base/secret_names.h"
#include "base/secrets.h"
#include "base/text.h"

namespace cvemu {

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}
bool is_quote(char c) {
  return c == '"' || c == '\'';
}

// Whether `c` ends the parameter of a URL that `opening` stands in: it is an ampersand of the URL around it.
bool ends_parameter(const MeantChar& c, const MeantChar& opening) {
  return c.meaning == '&' && opening.percent && (!c.percent || c.width < opening.width);
}

}  // namespace

// Reading

Masker::Word Masker::read_word(std::size_t begin) const {
  Word word;
  bool too_long = false;
  for (word.end = begin; !is_end(word.end);) {
    const MeantChar c = at(word.end);
    if (!is_word(c.meaning)) break;
    word.end += c.width;
    if (c.meaning == '-' || c.meaning == '_') continue;
    if (word.length == Word::kLongest)
      too_long = true;
    else
      word.letters[word.length++] =
          c.meaning >= 'A' && c.meaning <= 'Z' ? static_cast<char>(c.meaning + 32) : c.meaning;
  }
  if (too_long) word.length = 0;
  return word;
}

// A quote, with backslashes before it that are percent-encoded themselves.
std::optional<Masker::Quote> Masker::quote_at(std::size_t begin) const {
  Quote quote{begin, begin};
  MeantChar c = at(begin);
  for (; c.meaning == '\\'; c = at(quote.end)) {
    quote.slashes += std::max<std::size_t>(1, c.slashes);
    quote.end += c.width;
  }
  if (!is_quote(c.meaning)) return std::nullopt;
  quote.mark = c;
  quote.slashes += c.slashes;
  quote.end += c.width;
  return quote;
}

std::size_t Masker::skip_blanks(std::size_t begin, bool line_breaks) const {
  for (;;) {
    const MeantChar c = at(begin);
    const bool is_break = c.meaning == '\n' || c.meaning == '\r';
    if (!is_blank(c.meaning) && !(line_breaks && is_break)) return begin;
    begin += c.width;
  }
}

// Behind `expected`, in any case, if it stands here.
std::optional<std::size_t> Masker::skip_text(std::size_t begin, std::string_view expected) const {
  for (const char wanted : expected) {
    const MeantChar c = at(begin);
    if (!iequals({&c.meaning, 1}, {&wanted, 1})) return std::nullopt;
    begin += c.width;
  }
  return begin;
}

// Where a value ends

// Of a value without quotes. A backslash belongs to what comes after it, unless that is a slash. A blank that
// is percent-encoded is part of the value: a '+' may have become one.
std::size_t Masker::run_end(std::size_t begin) const {
  while (!is_end(begin)) {
    const MeantChar c = at(begin);
    constexpr std::string_view kEnds = "&\"'<>`;#|";
    if (kEnds.find(c.meaning) != std::string_view::npos) break;
    if ((is_blank(c.meaning) || is_control(c.meaning)) && !c.percent) break;
    if (c.meaning == '\\' && at(begin + c.width).meaning != '/') break;
    begin += c.width;
  }
  return begin;
}

std::size_t Masker::line_end(std::size_t begin, const MeantChar& opening) const {
  while (!is_end(begin)) {
    const MeantChar c = at(begin);
    if (ends_parameter(c, opening)) break;
    if (is_control(c.meaning) || c.meaning == '"' || c.meaning == '<' || c.meaning == '\\') break;
    begin += c.width;
  }
  return begin;
}

std::size_t Masker::element_end(std::size_t begin, const MeantChar& opening) const {
  while (!is_end(begin)) {
    const MeantChar c = at(begin);
    if (ends_parameter(c, opening)) break;
    if (c.meaning == '"' || (c.meaning == '<' && at(begin + c.width).meaning == '/')) break;
    begin += c.width;
  }
  return begin;
}

// At the closing quote; at the end of the element around the text, if the text is broken off there.
// `in_markup`: at any element.
std::size_t Masker::quoted_end(const Quote& quote, bool in_markup) const {
  const bool is_single = quote.mark.meaning == '\'';
  std::size_t slashes = 0, end = quote.end;  // before the backslashes that were just read
  for (std::size_t i = quote.end; !is_end(i);) {
    const MeantChar c = at(i);
    if (c.meaning == '\\') {
      slashes += std::max<std::size_t>(1, c.slashes);
      i += c.width;
      continue;
    }
    if (is_quote(c.meaning)) {
      const std::size_t all = slashes + c.slashes;
      if (c.meaning == quote.mark.meaning && closes_text(all, quote.slashes)) return end;
      if (is_single && all % 2 == 0 && c.meaning == '"') return end;
    }
    if ((is_single && is_control(c.meaning)) || ends_parameter(c, quote.mark)) return end;
    if (c.meaning == '<' && (in_markup || at(i + c.width).meaning == '/')) return end;
    slashes = 0;
    end = i += c.width;
  }
  return text_.size();
}

// "SharedKey account:signature", "Bearer token": a word and one more. Others have a list, which goes to the
// line's end.
std::size_t Masker::authorization_end(std::size_t begin, const MeantChar& opening) const {
  const Word scheme = read_word(begin);
  if (!is_authorization_scheme(scheme.name()) || !is_blank(at(scheme.end).meaning)) return run_end(begin);
  return scheme.name() == "digest" ? line_end(begin, opening) : run_end(skip_blanks(scheme.end));
}

// Whether a quote behind name= begins a value, and does not end the text that the name stands in.
bool Masker::opens(const Quote& quote) const {
  const MeantChar next = at(quote.end);
  if (is_end(quote.end) || next.meaning == quote.mark.meaning || is_blank(next.meaning) ||
      is_control(next.meaning))
    return false;
  if (next.meaning == '/' || next.meaning == '?') return at(quote.end + next.width).meaning != '>';
  return std::string_view(",}]:)>;").find(next.meaning) == std::string_view::npos;
}

// Writing

void Masker::replace(std::size_t begin, std::size_t end, std::string_view by) {
  if (begin >= end) return;
  out_.append(text_, copied_, begin - copied_).append(by);
  copied_ = end;
}

void Masker::mask(std::size_t begin, std::size_t end) {
  replace(begin, end, kMask);
}

std::string Masker::finish() {
  return std::move(out_.append(text_, copied_, std::string_view::npos));
}

// The pass

std::string Masker::run() {
  for (std::size_t i = 0; !is_end(i);) {
    const MeantChar c = at(i);
    if (is_word(c.meaning) && !is_word(before_)) {
      i = word(i);
      continue;
    }
    i += c.width;
    before_ = c.meaning;
    if (c.meaning != ':') continue;
    if (const auto end = password_in_url(i)) i = *end;
  }
  return finish();
}

std::string Masker::run_credentials() {
  credentials(0, text_.size());
  return finish();
}

// What begins here is a name, a secret, base64 or none of them. Answers where to go on.
std::size_t Masker::word(std::size_t begin) {
  const Word word = read_word(begin);
  const char before = std::exchange(before_, ' ');
  if (is_secret_name(word.name()))
    if (const auto end = named(begin, word, before)) return *end;
  if (const auto end = by_form(word, before)) return *end;
  if (begin >= tried_until_)
    if (const auto end = lump(begin)) return *end;
  before_ = 'a';
  return word.end;
}

}  // namespace cvemu
