#include "http/message.h"

#include <array>

#include "base/text.h"

namespace cvemu {

namespace {
constexpr std::array<std::string_view, 8> kMethodNames = {"GET",    "HEAD",  "POST",    "PUT",
                                                          "DELETE", "PATCH", "OPTIONS", "OTHER"};
}

std::string_view method_name(Method method) {
  return kMethodNames[static_cast<std::size_t>(method)];
}

Method parse_method(std::string_view name) {
  for (std::size_t i = 0; i + 1 < kMethodNames.size(); ++i)
    if (kMethodNames[i] == name) return static_cast<Method>(i);
  return Method::Other;
}

void Headers::add(std::string_view name, std::string_view value) {
  fields_.push_back({std::string(name), std::string(value)});
}

void Headers::set(std::string_view name, std::string_view value) {
  for (auto& field : fields_) {
    if (!iequals(field.name, name)) continue;
    field.value = value;
    return;
  }
  add(name, value);
}

void Headers::erase(std::string_view name) {
  std::erase_if(fields_, [&](const Field& field) { return iequals(field.name, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& field : fields_)
    if (iequals(field.name, name)) return field.value;
  return std::nullopt;
}

std::string_view Headers::get(std::string_view name) const {
  return find(name).value_or("");
}

std::string_view Request::raw_path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view Request::raw_query() const {
  const auto question = target.find('?');
  return question == std::string::npos ? std::string_view() : std::string_view(target).substr(question + 1);
}

std::string Body::all(std::size_t limit) {
  if (length().value_or(0) > limit) throw BodyTooLarge();
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(length().value_or(0)));
  each([&](std::string_view piece) {
    if (bytes.size() + piece.size() > limit) throw BodyTooLarge();
    bytes += piece;
  });
  return bytes;
}

void StringBody::each(const std::function<void(std::string_view)>& take) {
  if (!bytes_.empty()) take(bytes_);
}

std::uint64_t Response::body_length() const {
  if (const auto* text = std::get_if<std::string>(&body)) return text->size();
  return std::get<Stream>(body).length;
}

std::string take_body(Response& response) {
  if (auto* text = std::get_if<std::string>(&response.body)) return std::move(*text);
  const Stream& stream = std::get<Stream>(response.body);
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(stream.length));
  stream.produce([&](std::string_view piece) { bytes += piece; });
  return bytes;
}

}  // namespace cvemu
