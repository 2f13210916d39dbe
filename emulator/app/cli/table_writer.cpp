#include "app/cli/table_writer.h"

#include <algorithm>
#include <cstdio>

namespace cvemu::cli {

namespace {

using Cells = std::vector<std::string>;

constexpr std::string_view kGap = "  ", kDots = "...", kNothing = "-";
constexpr std::size_t kReadable = 12, kLeast = 6;  // how narrow columns become, first and at last

// One character of valid UTF-8, cut off.
char32_t take_char(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  char32_t code = length == 1 ? first : first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length && i < text.size(); ++i)
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  text.remove_prefix(std::min(length, text.size()));
  return code;
}

struct Range {
  char32_t first, last;
};

template <std::size_t kCount>
bool is_in(const Range (&ranges)[kCount], char32_t c) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [&](const Range& range) { return c >= range.first && c <= range.last; });
}

// Unicode: control characters, line ends, marks of direction, and what has no width.
constexpr Range kObeyed[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C}, {0x200B, 0x200F},
                             {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}};
// Marks that stand on the letter before them.
constexpr Range kCombining[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},
                                {0x064B, 0x065F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                                {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
// Characters of East Asia and pictures: two columns.
constexpr Range kWide[] = {{0x1100, 0x115F},  {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97C},
                           {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                           {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF},
                           {0x20000, 0x3FFFD}};

std::size_t width_of_char(char32_t c) {
  if (is_in(kCombining, c)) return 0;
  return is_in(kWide, c) ? 2 : 1;
}

std::string escaped(char32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  char text[16];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(c));
  return text;
}

bool is_scalar(const Json& json) {
  return !json.is_structured();
}

std::string scalar_text(const Json& json) {
  if (json.is_null()) return std::string(kNothing);
  return json.is_string() ? harmless(json.get<std::string>()) : dump_json(json);
}

// A short text for any value: lists of scalars are joined, other lists counted, members named.
std::string cell_text(const Json& json) {
  if (is_scalar(json)) return scalar_text(json);
  if (json.is_array() && !std::all_of(json.begin(), json.end(), is_scalar))
    return std::to_string(json.size());
  std::string text;
  for (auto one = json.begin(); one != json.end(); ++one) {
    if (!text.empty()) text += json.is_array() ? ", " : " ";
    if (json.is_object()) text += harmless(one.key()) + '=';
    text += is_scalar(*one) ? scalar_text(*one) : harmless(dump_json(*one));
  }
  return text.empty() ? std::string(kNothing) : text;
}

std::string cell_at(const Json& object, const std::string& column) {
  const Json::json_pointer place('/' + column);
  return object.is_object() && object.contains(place) ? cell_text(object.at(place)) : std::string(kNothing);
}

std::string title_of(const std::string& column) {
  return column.substr(column.rfind('/') + 1);
}

std::vector<std::size_t> widths_of(const std::vector<Cells>& lines) {
  std::vector<std::size_t> widths(lines.front().size());
  for (const Cells& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width_of(line[i]));
  return widths;
}

// Takes from the columns, from the last one on, what a line is too long for `room`.
void narrow(std::vector<std::size_t>& widths, std::size_t least, std::size_t room) {
  std::size_t sum = 0;
  for (const std::size_t width : widths) sum += width;
  for (auto width = widths.rbegin(); width != widths.rend() && sum > room; ++width) {
    const std::size_t taken = std::min(sum - room, *width > least ? *width - least : 0);
    *width -= taken;
    sum -= taken;
  }
}

void fit(std::vector<std::size_t>& widths, std::size_t width) {
  const std::size_t gaps = kGap.size() * (widths.size() - 1);
  const std::size_t room = width > gaps ? width - gaps : 1;
  narrow(widths, kReadable, room);
  narrow(widths, kLeast, room);
}

std::string line_of(const Cells& cells, const std::vector<std::size_t>& widths, std::size_t width) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = cut_to(cells[i], widths[i]);
    if (i > 0) line += kGap;
    line += cell + std::string(widths[i] - width_of(cell), ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return (width == kAnyWidth ? line : cut_to(line, width)) + '\n';
}

void add_lines(const Json& json, const std::string& name, std::string& text) {
  const bool is_open = json.is_object() && !json.empty();
  const bool is_long = json.is_array() && !std::all_of(json.begin(), json.end(), is_scalar);
  if (!is_open) {
    text += name + ": " + (is_long ? harmless(dump_json(json)) : cell_text(json)) + '\n';
    return;
  }
  for (auto one = json.begin(); one != json.end(); ++one)
    add_lines(*one, (name.empty() ? "" : name + '.') + harmless(one.key()), text);
}

}  // namespace

std::string harmless(std::string_view text) {
  std::string all;
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t c = take_char(text);
    all += is_in(kObeyed, c) ? escaped(c) : std::string(before.substr(0, before.size() - text.size()));
  }
  return all;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) width += width_of_char(take_char(text));
  return width;
}

std::string cut_to(std::string_view text, std::size_t width) {
  const std::size_t room = width > kDots.size() ? width - kDots.size() : 0;
  std::size_t used = 0, kept = 0;
  for (std::string_view rest = text; !rest.empty();) {
    used += width_of_char(take_char(rest));
    if (used <= room) kept = text.size() - rest.size();
    if (used > width) return std::string(text.substr(0, kept)) + std::string(kDots.substr(0, width));
  }
  return std::string(text);
}

std::string table_of(const Json& list, const std::vector<std::string>& columns, std::size_t width) {
  std::vector<Cells> lines(1);
  for (const std::string& column : columns) lines.front().push_back(title_of(column));
  for (const Json& object : list) {
    Cells& line = lines.emplace_back();
    for (const std::string& column : columns) line.push_back(cell_at(object, column));
  }
  std::vector<std::size_t> widths = widths_of(lines);
  if (width != kAnyWidth) fit(widths, width);
  std::string text;
  for (const Cells& line : lines) text += line_of(line, widths, width);
  return text;
}

std::string lines_of(const Json& object, std::string_view but) {
  std::string text;
  for (auto one = object.begin(); one != object.end(); ++one)
    if (one.key() != but) add_lines(*one, harmless(one.key()), text);
  return text;
}

}  // namespace cvemu::cli
