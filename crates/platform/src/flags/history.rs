use kernel::Timestamp;
use uuid::Uuid;

use super::{Setting, TARGET};
use crate::{
    audit::{self, Filter},
    db::{DbError, Sql},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedFlagChange {
    pub at: Timestamp,
    pub before: Setting,
    pub after: Setting,
}

/// Lists the recorded changes of the flag with the row `id`, newest first, at most `limit`. Operators can change the row with
/// SQL too, which is not recorded.
///
/// # Errors
/// When the database fails.
pub async fn changes(
    db: &impl Sql,
    id: Uuid,
    limit: i64,
) -> Result<Vec<RecordedFlagChange>, DbError> {
    let filter = Filter {
        action: Some("flag.change".to_owned()),
        target_kind: Some(TARGET.to_owned()),
        target_id: Some(id),
        ..Filter::default()
    };
    let entries = audit::search(db, &filter, limit).await?.into_iter();
    let changed = |entry: audit::Entry| RecordedFlagChange {
        at: entry.created_at,
        before: setting(entry.before.as_deref()),
        after: setting(entry.after.as_deref()),
    };
    Ok(entries.map(changed).collect())
}

/// Reads a recorded setting. One that a former release wrote differently counts as off.
fn setting(json: Option<&str>) -> Setting {
    let setting = json.and_then(|json| serde_json::from_str(json).ok());
    setting.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn recorded_settings_are_read_as_they_were_written() {
        let written = Setting {
            enabled: true,
            rollout_percent: 10,
            people: BTreeSet::from([Uuid::from_u128(7)]),
            roles: BTreeSet::new(),
        };
        let json = serde_json::json!(written).to_string();
        assert_eq!(setting(Some(&json)), written);
        for other in [None, Some(""), Some("[]"), Some("{\"enabled\":7}")] {
            assert_eq!(setting(other), Setting::default(), "{other:?}");
        }
        let partly = setting(Some("{\"enabled\":true}"));
        assert!(partly.enabled && partly.people.is_empty());
    }
}
