use kernel::Timestamp;
use serde::Deserialize;

use super::{
    super::{
        instant,
        payload::{self, Identified, Unexpected},
    },
    sha,
};
use crate::model::code::{CodePush, PushKind};

/// A change of a branch in GitHub's response (docs.github.com/rest/repos/repos#list-repository-activities).
#[derive(Deserialize)]
struct StatedPush {
    #[serde(deserialize_with = "sha")]
    before: String,
    #[serde(deserialize_with = "sha")]
    after: String,
    #[serde(deserialize_with = "instant::of_text")]
    timestamp: Timestamp,
    activity_type: String,
    actor: Option<Identified>,
}

/// Reads a page of the changes of a branch. Times after `now` are moved to it. Kinds that GitHub adds later are left out.
///
/// # Errors
/// When a field has an unexpected type; the error names it.
pub fn pushes(body: &[u8], now: Timestamp) -> Result<Vec<CodePush>, Unexpected> {
    let stated: Vec<StatedPush> = payload::read(body)?;
    let push = |own: StatedPush| {
        Some(CodePush {
            kind: kind(&own.activity_type)?,
            before: own.before,
            after: own.after,
            at: own.timestamp.min(now),
            actor_github_id: own.actor.map(|actor| actor.id),
        })
    };
    Ok(stated.into_iter().filter_map(push).collect())
}

fn kind(name: &str) -> Option<PushKind> {
    match name {
        "push" => Some(PushKind::Push),
        "force_push" => Some(PushKind::ForcePush),
        "branch_creation" => Some(PushKind::Created),
        "branch_deletion" => Some(PushKind::Deleted),
        "pr_merge" | "merge_queue_merge" => Some(PushKind::Merge),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pushes_have_their_kind_and_person() {
        let now = "2026-11-01T08:00:00Z".parse().expect("an instant");
        let one = |kind: &str, actor: &str| {
            format!(
                r#"{{"id":1,"node_id":"PSH_x","before":"{}","after":"{}","ref":"refs/heads/main",
                "timestamp":"2999-10-01T08:00:00Z","activity_type":"{kind}","actor":{actor}}}"#,
                "0".repeat(40),
                "a".repeat(40)
            )
        };
        let all = [
            one("push", r#"{"login":"wren-oak","id":7}"#),
            one("force_push", "null"),
            one("branch_creation", "null"),
            one("branch_deletion", "null"),
            one("pr_merge", "null"),
            one("merge_queue_merge", "null"),
            one("something_new", "null"),
        ];
        let read = pushes(format!("[{}]", all.join(",")).as_bytes(), now).expect("read");
        let kinds: Vec<_> = read.iter().map(|push| push.kind).collect();
        assert_eq!(
            kinds,
            [
                PushKind::Push,
                PushKind::ForcePush,
                PushKind::Created,
                PushKind::Deleted,
                PushKind::Merge,
                PushKind::Merge
            ]
        );
        assert_eq!((read[0].actor_github_id, read[1].actor_github_id), (Some(7), None));
        assert!(read.iter().all(|push| push.at == now));
    }
}
