#include "table/service.h"

#include "base/json_writer.h"
#include "base/text.h"
#include "base/times.h"
#include "base/xml_text.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/xml.h"

namespace cvemu::table {

namespace {

// Without a name: no operation fits. A fault can meet it all the same.
constexpr Route kEveryRequest;

std::string text_of(const ApiError& error, const Exchange& exchange) {
  return error.message + "\nRequestId:" + exchange.id.text() + "\nTime:" + times::iso_ticks(exchange.at);
}

// Azure: documentation of the payload formats. $format goes before Accept.
std::string wanted_format(const Exchange& exchange) {
  const auto format = exchange.query.find_nonempty("$format");
  return to_lower(format ? *format : exchange.request.headers.get("Accept"));
}

// Clients that take both are answered in JSON.
bool wants_xml(std::string_view format) {
  return format.find("json") == format.npos &&
         (format.find("atom") != format.npos || format.find("xml") != format.npos);
}

std::string_view metadata_level(std::string_view format) {
  for (const std::string_view level : {"nometadata", "fullmetadata"})
    if (format.find(level) != format.npos) return level;
  return "minimalmetadata";
}

std::string json_document(const ApiError& error, const Exchange& exchange) {
  JsonWriter json;
  json.begin_object().key("odata.error").begin_object().field("code", error.code);
  json.key("message").begin_object().field("lang", "en-US").field("value", text_of(error, exchange));
  return json.end_object().end_object().end_object().take();
}

std::string xml_document(const ApiError& error, const Exchange& exchange) {
  XmlWriter xml;
  xml.open("m:error", {{"xmlns:m", "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"}});
  xml.element("m:code", error.code);
  std::string text;
  append_xml(text, text_of(error, exchange));
  xml.open("m:message", {{"xml:lang", "en-US"}}).raw(text).close("m:message");
  return xml.close("m:error").take();
}

}  // namespace

Match TableService::match(const Exchange&) const {
  return {&kEveryRequest, 0, {}};
}

// Azure: code and first sentence are those of the documentation's list.
Response TableService::run(const Match&, RequestContext&) {
  throw ApiError(501, "NotImplemented",
                 "The requested operation is not implemented on the specified resource. Tables are not "
                 "emulated: use Azurite's table endpoint, or an account of Azure's.");
}

// Azure: recorded answers of the Table service have no x-ms-error-code.
Response TableService::render(const ApiError& error, const Exchange& exchange) const {
  Response response;
  response.status = error.status;
  response.headers = error.headers;
  if (exchange.request.method == Method::Head) return response;
  const std::string format = wanted_format(exchange);
  const bool xml = wants_xml(format);
  response.headers.set("Content-Type", xml ? "application/xml"
                                           : "application/json;odata=" + std::string(metadata_level(format)) +
                                                 ";streaming=true;charset=utf-8");
  response.body = xml ? xml_document(error, exchange) : json_document(error, exchange);
  return response;
}

void TableService::finish(Response& response, const Exchange& exchange) const {
  finish_headers(response, exchange, server_);
  response.headers.set("Cache-Control", "no-cache");
  response.headers.set("X-Content-Type-Options", "nosniff");
}

ApiError TableService::unexpected() const {
  return storage_errors::internal_error();
}

ApiError TableService::unavailable() const {
  return storage_errors::state_replaced();
}

ApiError TableService::error_for(int status) const {
  return storage_errors::likely(status);
}

ApiError TableService::throttled(std::optional<std::int64_t> seconds) const {
  return storage_errors::throttled(seconds);
}

ApiError TableService::denied() const {
  return storage_errors::authorization_permission_mismatch();
}

}  // namespace cvemu::table
