// Blob Batch: up to 256 requests in one multipart body, each authorized and answered on its own.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "blob/blob_lookup.h"
#include "blob/operations.h"
#include "http/multipart.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/limits.h"

namespace cvemu::blob {

namespace errors = storage_errors;
namespace limits = storage_limits;

namespace {

// The last line needs no end.
std::string_view next_line(std::string_view& text) {
  if (const auto line = take_line(text)) return *line;
  return std::exchange(text, {});
}

// The head of an HTTP request; there is no body.
Request parse_head(std::string_view text) {
  const auto words = split(next_line(text), ' ');
  if (words.size() != 3 || !words[1].starts_with('/'))
    throw errors::invalid_input("a part is no HTTP request");
  Request request;
  request.method = parse_method(words[0]);
  request.target = words[1];
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) throw errors::invalid_input("a part has a bad header");
    request.headers.add(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
  }
  return request;
}

// Azure: Python leaves out the account, and signs the path as it sends it.
Address address_of_part(const Address& outer, const Request& request) {
  Address address = outer;
  address.path = request.raw_path();
  const std::string account = '/' + std::string(outer.account) + '/';
  if (!outer.product_style && address.path.starts_with(account))
    address.path.remove_prefix(account.size() - 1);
  return address;
}

struct SubRequest {
  std::string content_id;
  Request request;
};

std::vector<SubRequest> read_parts(const std::string& body, std::string_view content_type) {
  const auto boundary = multipart_boundary(content_type);
  const auto parts = boundary ? parse_multipart(body, *boundary) : std::nullopt;
  if (!parts) throw errors::invalid_input("the body is not multipart/mixed");
  if (parts->empty() || parts->size() > limits::kBatchParts)
    throw errors::invalid_input("a batch has 1 to 256 parts");
  std::vector<SubRequest> requests;
  for (const auto& part : *parts)
    requests.push_back({std::string(part.headers.get("Content-ID")), parse_head(part.content)});
  return requests;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    default:
      return status < 500 ? "Bad Request" : "Internal Server Error";
  }
}

void write_part(std::string& out, const SubRequest& sub, const Response& response) {
  out += "Content-Type: application/http\r\n";
  if (!sub.content_id.empty()) out += "Content-ID: " + sub.content_id + "\r\n";
  out += "\r\nHTTP/1.1 " + std::to_string(response.status) + ' ' + std::string(reason_of(response.status)) +
         "\r\n";
  for (const auto& [name, value] : response.headers) out += name + ": " + value + "\r\n";
  const std::string& body = std::get<std::string>(response.body);
  if (!body.empty()) out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  out += "\r\n" + body + "\r\n";
}

// All parts that ask for something must ask for the same, inside the container that the batch is for.
void check_kind(std::string_view container, const Match& match, std::string_view& operation) {
  const std::string_view name = match.route->name;
  const bool fits =
      (name == "DeleteBlob" || name == "SetBlobTier") && (operation.empty() || operation == name);
  if (!fits) throw errors::invalid_input("a batch deletes blobs or sets their tiers, one of the two");
  if (!container.empty() && match.params.get("container") != container)
    throw errors::invalid_input("a part is for another container");
  operation = name;
}

Response submit_batch(State& state, RequestContext& context) {
  const std::string body = read_body(context, limits::kBatch);
  const std::vector<SubRequest> requests = read_parts(body, context.headers().get("Content-Type"));
  const Address outer = address_of(state, context);
  std::vector<Exchange> exchanges;
  std::vector<Match> matches;
  std::string_view operation;
  for (const SubRequest& sub : requests) {
    exchanges.push_back({sub.request, Query::parse(sub.request.raw_query()), context.exchange.peer,
                         state.ids.uuid(), context.at()});
    matches.push_back(state.service.match_at(exchanges.back(), address_of_part(outer, sub.request)));
    check_kind(context.path.get("container"), matches.back(), operation);
  }
  const std::string boundary = "batchresponse_" + state.ids.uuid().text();
  std::string answer;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    answer += "--" + boundary + "\r\n";
    write_part(answer, requests[i],
               state.service.serve_at(exchanges[i], address_of_part(outer, requests[i].request), matches[i]));
  }
  Response response{202, {}, answer + "--" + boundary + "--\r\n"};
  response.headers.add("Content-Type", "multipart/mixed; boundary=" + boundary);
  return response;
}

}  // namespace

Rows batch_operations() {
  static constexpr Operation<State> operations[] = {
      {{"SubmitBatch", Method::Post, "/?comp=batch", "", {.resource = "any", .account = "any"}},
       submit_batch},
      // Azure: JavaScript adds restype=container for a path-style account.
      {{"SubmitBatch",
        Method::Post,
        "/?comp=batch&restype=container",
        "",
        {.resource = "any", .account = "any"}},
       submit_batch},
      {{"SubmitBatch",
        Method::Post,
        "/{container}?restype=container&comp=batch",
        "",
        {.resource = "any", .account = "any", .service = "any"}},
       submit_batch},
  };
  return operations;
}

}  // namespace cvemu::blob
