use super::{plan::PlanKind, themes::Theme};
use crate::rng::Rng;

/// Returns a realistic title for a pull request of this kind.
pub(super) fn title(rng: &mut Rng, kind: PlanKind, theme: &Theme) -> String {
    let scope = *rng.pick(theme.scopes);
    let thing = *rng.pick(theme.things);
    let verb = |rng: &mut Rng, verbs: &[&'static str]| *rng.pick(verbs);
    match kind {
        PlanKind::Feature => {
            format!(
                "feat({scope}): {} {thing}",
                verb(rng, &["Support", "Show", "Allow", "Explain"])
            )
        }
        PlanKind::Fix => {
            format!(
                "fix({scope}): {} {thing}",
                verb(rng, &["Handle", "Keep", "Do not lose", "Count"])
            )
        }
        PlanKind::Docs => {
            format!("docs: {} {thing}", verb(rng, &["Describe", "Say more about", "Draw"]))
        }
        PlanKind::Test => {
            format!("test({scope}): {} {thing}", verb(rng, &["Cover", "Try", "Pin down"]))
        }
        PlanKind::Refactor => {
            format!("refactor({scope}): {} {thing}", verb(rng, &["Untangle", "Name", "Split"]))
        }
        PlanKind::Chore => {
            format!(
                "chore({scope}): {}",
                verb(rng, &["Tidy the build", "Sort imports", "Pin tools"])
            )
        }
        PlanKind::Typo => {
            let verbs =
                ["docs: Fix typo in", "Fix typo:", "fix whitespace around", "docs: Spelling of"];
            format!("{} {thing}", verb(rng, &verbs))
        }
        PlanKind::Spam => {
            let titles = ["Update README.md", "Add my name", "improve docs", "Create hello.txt"];
            verb(rng, &titles).to_owned()
        }
        PlanKind::Bump => {
            let name = verb(rng, &["keelson", "halyard", "bollard", "capstan", "windlass"]);
            let (minor, patch) = (rng.below(30), rng.below(9));
            format!("chore(deps): bump {name} from 1.{minor}.{patch} to 1.{minor}.{}", patch + 1)
        }
    }
}
