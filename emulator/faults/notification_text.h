// The notification inside a PutMessage request, read and replaced.
#pragma once
#include <string>
#include <string_view>

namespace cvemu::notification_text {

// The JSON in the body of a PutMessage, or in a MessageText of the queue service's XML; base64 is undone. ""
// if it is none.
std::string read(std::string_view xml);
// A member of the document, at whatever depth: "projectId", "iterationId", "type". "" if absent.
std::string member(std::string_view json, std::string_view name);
// What stands in an element without attributes: "MessageId" of an answer. "" if there is none.
std::string element(std::string_view xml, std::string_view name);
// The body with another text in place of the notification, in the encoding it had.
std::string replace(std::string_view xml, std::string_view text);
// The body with a notification that is wrong in one of these ways.
inline constexpr std::string_view kMalformations =
    "plainText notBase64 lowerCaseContent unknownType extraFields brokenJson otherVersion";
std::string malform(std::string_view xml, std::string_view how);

}  // namespace cvemu::notification_text
