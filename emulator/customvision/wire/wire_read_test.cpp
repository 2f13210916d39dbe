// Request bodies, as clients send them and as they should not.
#include <doctest/doctest.h>

#include "customvision/wire/wire.h"
#include "http/message.h"

namespace cvemu::wire_wire_read_test {

using namespace cvemu::customvision;

namespace {

constexpr const char* kId = "0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11";

template <class Read>
std::string refusal(Read read, std::string_view body) {
  try {
    read(body);
    return "";
  } catch (const ApiError& error) {
    return error.code;
  }
}

}  // namespace

TEST_CASE("Reading: an empty body means no body, names compare without case, unknown members are ignored") {
  CHECK_FALSE(wire::read_project_patch("").name);
  CHECK_FALSE(wire::read_project_patch(" ").name);
  CHECK(wire::read_project_patch(R"({"NAME":"n","unknown":{"name":"x"}})").name == "n");
  CHECK_FALSE(wire::read_project_patch(R"({"name":null})").name);
}

TEST_CASE("Reading: a URI that is not mentioned stays; null and empty clear it") {
  CHECK_FALSE(wire::read_project_patch(R"({"settings":{}})").uris.notification_queue_uri);
  CHECK(
      wire::read_project_patch(R"({"settings":{"notificationQueueUri":null}})").uris.notification_queue_uri ==
      "");
  CHECK(wire::read_create_project_options(R"({"exportModelContainerUri":"u"})").export_container_uri == "u");
}

TEST_CASE("Reading: a tag's description can be cleared, a name that is null is not mentioned") {
  const auto patch = wire::read_tag_patch(R"({"description":null,"name":null,"type":"x"})");
  CHECK(patch.description == "");
  CHECK_FALSE(patch.name);
  CHECK(patch.type == "x");
  CHECK_FALSE(wire::read_tag_patch("{}").description);
}

TEST_CASE("Reading: numbers may come without a fraction, ids in upper case, metadata keeps its order") {
  const auto regions = wire::read_image_regions(
      R"({"regions":[{"imageId":"0D1F8A52-6A0F-4E0C-9F6E-2B6A1F0C7D11","tagId":"0d1f8a52-6a0f-4e0c-9f6e-2b6a1f0c7d11",)"
      R"("left":0,"top":0.5,"width":1,"height":5E-1}]})");
  CHECK(regions.at(0).image == *Uuid::parse(kId));
  CHECK(regions[0].region.box == Box{0, 0.5, 1, 0.5});
  CHECK(wire::to_json(wire::read_metadata(R"({ "b":"1", "a":"2" })")) == R"({"b":"1","a":"2"})");
  CHECK(wire::to_json(wire::read_metadata("")) == "");
}

TEST_CASE("Reading: files, URLs and ids are told apart by their member") {
  CHECK(wire::read_image_files(R"({"images":[{"name":"n","url":"u","id":"i","contents":"c"}]})")
            .images[0]
            .source == "n");
  CHECK(wire::read_image_urls(R"({"images":[{"name":"n","url":"u","id":"i"}]})").images[0].source == "u");
  CHECK(wire::read_image_ids(R"({"images":[{"name":"n","url":"u","id":"i"}]})").images[0].source == "i");
}

TEST_CASE("Reading: broken JSON and wrong types are refused by name") {
  for (const char* body : {"{", "[]", "7", "\"text\"", R"({"images":{}})", R"({"images":[{"name":1}]})",
                           R"({"metadata":[]})", R"({"metadata":{"a":1}})", R"({"tagIds":["x",7]})"})
    CHECK_MESSAGE(refusal(wire::read_image_files, body).starts_with("BadRequest"), std::string(body));
  CHECK(refusal(wire::read_image_files, R"({"tagIds":["x"]})") == "BadRequestInvalidIds");
  CHECK(refusal(wire::read_image_tags, R"({"tags":[{}]})") == "BadRequestRequiredParamIsNull");
  CHECK(refusal(wire::read_training_parameters, R"({"customBaseModelInfo":{}})") ==
        "BadRequestRequiredParamIsNull");
  CHECK(refusal(wire::read_image_files, std::string(100'000, '[')) == "BadRequest");
}

TEST_CASE("Reading: the note behind an export token, and what is none") {
  CHECK(wire::read_project_export_note(wire::project_export_note(*Uuid::parse(kId))) == Uuid::parse(kId));
  for (const char* text : {"", "{}", "[]", "PK", R"({"projectId":7})", R"({"projectId":"x"})"})
    CHECK_FALSE(wire::read_project_export_note(text));
}

}  // namespace cvemu::wire_wire_read_test
