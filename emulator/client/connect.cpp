// The same Control, for an emulator in another process.
#include <cstdlib>
#include <memory>

#include "base/url.h"
#include "cvemu/control.h"
#include "http/transport.h"

namespace cvemu {

Control connect(std::string_view text, std::string token) {
  if (const char* usual = std::getenv("CVEMU_CONTROL_TOKEN"); usual && token.empty()) token = usual;
  auto url = Url::parse(text);
  if (!url) throw ControlError(0, "InvalidUrl", "\"" + std::string(text) + "\" is no http or https URL");
  while (url->path.ends_with('/')) url->path.pop_back();
  if (url->path.ends_with("/_emulator"))
    url->path.resize(url->path.size() - std::string_view("/_emulator").size());
  auto network = std::make_shared<Network>(std::vector<std::string>{url->host});
  return Control([network, token, base = url->scheme + "://" + url->authority() + url->path](
                     std::string_view method, std::string_view path, std::string body) {
    const auto target = Url::parse(base + std::string(path));
    if (!target) throw ControlError(0, "InvalidUrl", "\"" + std::string(path) + "\" cannot be asked for");
    Request request{parse_method(method), "", {}};
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    try {
      std::string answer;  // an export may be large
      const auto take = [&](const Response&, std::string_view piece) {
        answer += piece;
        return true;
      };
      Response response = network->receive(*target, std::move(request), std::move(body), take);
      return Control::Answer{response.status, response.status < 300 ? answer : take_body(response)};
    } catch (const TransportError& error) {
      throw ControlError(0, "NoAnswer", error.what());
    }
  });
}

}  // namespace cvemu
