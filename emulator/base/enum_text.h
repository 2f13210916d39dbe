// Texts of enumerations (cvemu/types.h) as clients and rows have them.
#pragma once
#include "base/required.h"
#include "base/text.h"
#include "cvemu/types.h"

namespace cvemu {

// One of the texts in any letter case; nullopt for any other.
template <class Enum>
std::optional<Enum> parse_in_any_case(std::string_view text) {
  for (const std::string_view known : EnumTexts<Enum>::kAll)
    if (iequals(known, text)) return parse<Enum>(known);
  return std::nullopt;
}

// Of a row, which holds nothing else.
template <class Enum>
Enum stored(std::string_view text) {
  return required(parse<Enum>(text), "a known value in the row");
}
template <class Enum>
std::optional<Enum> stored(const std::optional<std::string>& text) {
  return text ? std::optional(stored<Enum>(std::string_view(*text))) : std::nullopt;
}

}  // namespace cvemu
