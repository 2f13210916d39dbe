// Writes compact JSON in the order given. Numbers are printed as the live service prints them: floats with
// the fewest of 7 or 9 digits that round-trip, whole values with ".0", exponents as "E-07". For one thread.
// The caller keeps objects and arrays balanced.
#pragma once
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace cvemu {

class JsonWriter {
 public:
  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& string(std::string_view value);  // invalid UTF-8 becomes U+FFFD
  JsonWriter& boolean(bool value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& single(float value);   // .NET's "R" form of a float
  JsonWriter& number(double value);  // the same of a double
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  // a ready value

  // The common pairs in one word.
  JsonWriter& field(std::string_view name, std::string_view value) { return key(name).string(value); }
  JsonWriter& field(std::string_view name, const char* value) { return key(name).string(value); }
  template <std::same_as<bool> T>
  JsonWriter& field(std::string_view name, T value) {
    return key(name).boolean(value);
  }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  JsonWriter& field(std::string_view name, T value) {
    return key(name).integer(static_cast<std::int64_t>(value));
  }
  JsonWriter& field(std::string_view name, float value) { return key(name).single(value); }
  JsonWriter& null_field(std::string_view name) { return key(name).null(); }

  std::string take() { return std::move(out_); }
  const std::string& text() const { return out_; }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();
  std::string out_;
  bool comma_ = false;
};

}  // namespace cvemu
