// One pass over one text; what secrets.h promises is done here. One object for one text, on one thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/escapes.h"

namespace cvemu {

class Masker {
 public:
  // `text` outlives the object. `goes_on`: it was cut. `depth`: how many layers of base64 are off already.
  Masker(std::string_view text, bool goes_on, int depth = 0)
      : text_(text), goes_on_(goes_on), depth_(depth) {}

  std::string run();
  // The text is the value of an Authorization header.
  std::string run_credentials();

 private:
  struct Word {
    static constexpr std::size_t kLongest = 64;
    char letters[kLongest];  // as plain_name() makes them
    std::size_t length = 0;  // 0: longer than any name
    std::size_t end = 0;
    std::string_view name() const { return {letters, length}; }
  };
  struct Quote {
    std::size_t begin = 0, end = 0, slashes = 0;
    MeantChar mark{};
  };
  // How name and value hang together: "name": value, name=value or name: value, <name>value<.
  struct Separator {
    enum Kind { Member, Assignment, Element } kind;
    std::size_t end;
    MeantChar mark;  // its last character
  };
  struct Lump;  // a run of base64

  // Reading. Positions are between characters, never within an escape.
  bool is_end(std::size_t at) const { return at >= text_.size(); }
  MeantChar at(std::size_t at) const { return is_end(at) ? MeantChar{'\0', 0} : meant_at(text_, at); }
  Word read_word(std::size_t begin) const;
  std::optional<Quote> quote_at(std::size_t begin) const;
  std::size_t skip_blanks(std::size_t begin, bool line_breaks = false) const;
  std::optional<std::size_t> skip_text(std::size_t begin, std::string_view expected) const;

  // Where a value ends.
  std::size_t run_end(std::size_t begin) const;
  std::size_t line_end(std::size_t begin, const MeantChar& opening) const;
  std::size_t element_end(std::size_t begin, const MeantChar& opening) const;
  std::size_t quoted_end(const Quote& quote, bool in_markup = false) const;
  std::size_t authorization_end(std::size_t begin, const MeantChar& opening) const;
  bool opens(const Quote& quote) const;

  // Secrets by name. Each answers where to go on, if there was one.
  std::optional<std::size_t> named(std::size_t begin, const Word& word, char before);
  bool is_prose(std::size_t begin, const Word& word, const Separator& separator) const;
  std::optional<Separator> separator(std::size_t begin, char before) const;
  std::optional<Separator> pair_of_members(std::size_t begin) const;
  std::optional<Separator> pair_of_elements(std::size_t begin) const;
  std::size_t value(const Separator& separator, std::string_view name);
  std::size_t member(std::size_t begin, std::string_view name, const MeantChar& opening);
  std::size_t plain(std::size_t begin, std::string_view name, const MeantChar& opening);
  std::size_t quoted(const Quote& quote, std::string_view name, bool in_markup);
  std::size_t list(std::size_t begin, std::string_view name);
  void secret(std::size_t begin, std::size_t end, std::string_view name);
  void credentials(std::size_t begin, std::size_t end);

  // Secrets by form.
  std::size_t word(std::size_t begin);
  std::optional<std::size_t> by_form(const Word& word, char before);
  std::optional<std::size_t> bearer(std::size_t begin);
  std::optional<std::size_t> shared_key(std::size_t begin);
  std::optional<std::size_t> quoted_signature(std::size_t begin);
  std::optional<std::size_t> delegation_key(const Word& word, char before);
  std::optional<std::size_t> web_token(std::size_t begin, const Lump& lump);
  std::optional<std::size_t> password_in_url(std::size_t begin);
  std::optional<std::size_t> lump(std::size_t begin);
  bool encoded(std::size_t begin, const Lump& lump);
  Lump read_lump(std::size_t begin) const;

  // Writing: what was not replaced is copied.
  void replace(std::size_t begin, std::size_t end, std::string_view by);
  void mask(std::size_t begin, std::size_t end);
  std::string finish();

  const std::string_view text_;
  const bool goes_on_;
  const int depth_;
  std::string out_;
  std::size_t copied_ = 0;
  char before_ = ' ';               // the character before the word
  bool in_delegation_key_ = false;  // between <UserDelegationKey> and its end
  std::size_t tried_until_ = 0;     // base64 was looked into as far as here
};

}  // namespace cvemu
