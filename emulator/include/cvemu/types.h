// The enumerations that both the emulator and its public headers speak of, each with the texts that the APIs
// write.
#pragma once
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace cvemu {

enum class ProjectStatus { Succeeded, Importing, Failed };
enum class IterationStatus { Training, Completed, Failed };
enum class ExportStatus { Exporting, Done, Failed };
enum class ClassificationType { Multiclass, Multilabel };
enum class TrainingType { Regular, Advanced };
enum class TagType { Regular, Negative, GeneralProduct };
enum class NotificationType { ConnectionTest, Training, Export };
// Long operations, which end on the emulator's clock.
enum class OperationKind { Training, Export, Import };
// What stands in for the next outcome when all that were set are used.
enum class AfterLast { RepeatLast, Cycle, Default };
// Frozen and Automatic stand still by themselves. Automatic: who reads something pending a second time moves
// the clock.
enum class ClockMode { Real, Scaled, Frozen, Automatic };

// The texts of an enumeration, in the order of its values.
template <class Enum>
struct EnumTexts;
template <>
struct EnumTexts<ProjectStatus> {
  static constexpr std::string_view kAll[] = {"Succeeded", "Importing", "Failed"};
};
template <>
struct EnumTexts<IterationStatus> {
  static constexpr std::string_view kAll[] = {"Training", "Completed", "Failed"};
};
template <>
struct EnumTexts<ExportStatus> {
  static constexpr std::string_view kAll[] = {"Exporting", "Done", "Failed"};
};
template <>
struct EnumTexts<ClassificationType> {
  static constexpr std::string_view kAll[] = {"Multiclass", "Multilabel"};
};
template <>
struct EnumTexts<TrainingType> {
  static constexpr std::string_view kAll[] = {"Regular", "Advanced"};
};
template <>
struct EnumTexts<TagType> {
  static constexpr std::string_view kAll[] = {"Regular", "Negative", "GeneralProduct"};
};
template <>
struct EnumTexts<NotificationType> {
  static constexpr std::string_view kAll[] = {"ConnectionTest", "Training", "Export"};
};
template <>
struct EnumTexts<OperationKind> {
  static constexpr std::string_view kAll[] = {"training", "export", "import"};
};
template <>
struct EnumTexts<AfterLast> {
  static constexpr std::string_view kAll[] = {"repeatLast", "cycle", "default"};
};
template <>
struct EnumTexts<ClockMode> {
  static constexpr std::string_view kAll[] = {"real", "scaled", "frozen", "automatic"};
};

template <class Enum>
constexpr std::string_view to_text(Enum value) {
  return EnumTexts<Enum>::kAll[static_cast<std::size_t>(value)];
}

template <class Enum>
std::optional<std::string> to_text(std::optional<Enum> value) {
  return value ? std::optional(std::string(to_text(*value))) : std::nullopt;
}

// Exactly one of the texts; nullopt for any other.
template <class Enum>
constexpr std::optional<Enum> parse(std::string_view text) {
  for (std::size_t i = 0; i < std::size(EnumTexts<Enum>::kAll); ++i)
    if (EnumTexts<Enum>::kAll[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace cvemu
