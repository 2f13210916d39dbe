// Finds the operation a request asks for. Built once from the rows of a service; read-only afterwards.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/url.h"
#include "http/message.h"

namespace cvemu {

// Who may call an operation. Each service reads its own members; what is left out suffices for nobody.
struct Access {
  // Custom Vision: the kind of key.
  enum class Key { None, Training, Prediction };
  // Storage: who gets in without account key, SAS or token.
  enum class Open {
    Nobody,
    Blob,       // everybody, if the container's public access is that level or above
    Container,  // the same
    Anyone,     // preflights
    Bearer,     // none but bearer tokens, not even keys
  };

  // Storage: letters, or "any" for whatever there is. Account SAS: one of `resource` (s, c, o) in srt, and
  // one of `account` in sp; without `resource` any will do. Service and user delegation SAS: one of `service`
  // in sp. With nothing set, the account key alone (ACLs): no bearer token either.
  std::string_view resource{}, account{}, service{};
  Open open = Open::Nobody;
  // Custom Vision, with the first version that has the operation.
  Key key = Key::None;
  std::string_view since{};
};

// All that is known of an operation. Rows are constexpr and stand at the foot of the file with their
// functions.
struct Route {
  std::string_view name;  // Azure's own name: dispatch, journal, faults and documentation use it
  Method method = Method::Get;
  // "/{container}/{blob...}?comp=lease": literals without regard to case, {x} one segment, {x...} the rest
  // with its slashes; every query pair must be there ("?comp=list&restype" - a bare name must be present).
  std::string_view path;
  // Headers that must be there: "x-ms-copy-source" or "x-ms-lease-action: renew"; several joined by ", ".
  std::string_view when{};
  Access access{};
};

// Values of {x}, percent-decoded once.
class PathParams {
 public:
  void add(std::string_view name, std::string value) { items_.emplace_back(name, std::move(value)); }
  std::string_view get(std::string_view name) const;  // "" if the row has no such name
  void clear() { items_.clear(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

 private:
  std::vector<std::pair<std::string_view, std::string>> items_;
};

class Router {
 public:
  // `discriminators` are query names that only rows naming them may carry (comp, restype). Two rows that
  // could both answer the same request with equal right are a std::logic_error here, at start-up.
  explicit Router(std::vector<const Route*> rows, std::vector<std::string_view> discriminators = {});

  enum class Outcome { Found, OtherMethod, Unknown };
  struct Result {
    Outcome outcome = Outcome::Unknown;
    const Route* route = nullptr;  // only if Found
    std::size_t index = 0;         // into the rows as given
    PathParams params;
  };
  // `raw_path` is still percent-encoded. The most specific row wins: most literals, then most conditions.
  // HEAD falls back to GET rows.
  Result match(Method method, std::string_view raw_path, const Query& query, const Headers& headers) const;

 private:
  struct Segment {
    std::string_view text;  // literal, or the parameter's name
    bool is_param = false, is_rest = false;
  };
  struct Pair {
    std::string_view name, value;
    bool any_value = false;
    bool fits(std::optional<std::string_view> given) const;
  };
  struct Row {
    const Route* route;
    std::size_t index;
    std::vector<Segment> segments;
    std::vector<Pair> query, headers;
    unsigned names = 0;  // which of the discriminators it carries, a bit each
  };
  // What rows are held against. The discriminators are looked up once for all of them: they settle most rows.
  struct Wanted {
    std::vector<std::string_view> segments;
    const Query& query;
    const Headers& headers;
    unsigned given = 0, nonempty = 0;  // of the discriminators
  };

  static Row parse(const Route& route, std::size_t index);
  Wanted wanted(std::string_view raw_path, const Query& query, const Headers& headers) const;
  static bool path_fits(const Row& row, const std::vector<std::string_view>& segments);
  static bool conditions_fit(const Row& row, const Wanted& wanted);
  const Row* find(Method method, const Wanted& wanted) const;

  std::vector<Row> rows_;  // most specific first
  std::vector<std::string_view> discriminators_;
};

}  // namespace cvemu
