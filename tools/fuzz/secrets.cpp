// Masking of secrets in any text: JSON stays JSON, a URL stays a URL, and what is masked shows no more when
// it is masked again.
#include "base/secrets.h"

#include "base/json.h"
#include "base/text.h"
#include "base/url.h"
#include "base/xml_text.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cvemu;
  const std::string_view text = fuzz::text_of(data, size);
  const std::string shown = masked(text);
  fuzz::expect(!try_parse_json(text) || try_parse_json(shown), "JSON is JSON when it is masked");
  fuzz::expect(!Url::parse(text) || Url::parse(shown), "a URL is one when it is masked");
  fuzz::expect(!is_valid_utf8(text) || is_valid_utf8(shown), "UTF-8 is UTF-8 when it is masked");
  fuzz::expect(!fits_xml(text) || fits_xml(shown), "what XML can hold it can hold when it is masked");
  fuzz::expect(masked(shown).size() <= shown.size() + kMask.size(), "masking again adds nothing");
  masked_beginning(text);
  const std::string_view name = text.substr(0, text.find(':'));
  masked_header(name, text.substr(std::min(name.size() + 1, text.size())));
  return 0;
}
