//! Search of the outbox for admins, by login, kind, channel and state.

use std::collections::{BTreeSet, HashMap};

use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    db::DbError,
    outbox::search::{self, Filter, Sent, State},
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// The recipient of alerts to operators.
pub const OPERATORS: &str = "operators";

/// A search of the outbox. Empty fields match everything.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct MessageSearch {
    /// Only messages to this recipient: a login, or `operators`.
    #[param(required = false, example = "finch-ash")]
    pub recipient: String,
    /// Only messages of this kind.
    #[param(required = false, example = "role_changed")]
    pub kind: String,
    /// Only messages for this channel: `email`, `push`, `webhook`, `slack` or `sms`.
    #[param(required = false, example = "email")]
    pub channel: String,
    /// Only messages in this state: `waiting`, `done`, `given_up` or `dead`.
    #[param(required = false, example = "dead", pattern = "^(waiting|done|given_up|dead)?$")]
    pub state: String,
}

impl MessageSearch {
    /// Returns true when the search matches every message.
    pub fn is_empty(&self) -> bool {
        self.fields().iter().all(|(_, value)| value.is_empty())
    }

    /// Returns the fields for a query string.
    pub fn fields(&self) -> [(&'static str, &str); 4] {
        [
            ("recipient", self.recipient.trim()),
            ("kind", self.kind.trim()),
            ("channel", self.channel.trim()),
            ("state", self.state.trim()),
        ]
    }

    /// Returns the filter for messages older than the one with the id `before`. An unknown login matches no
    /// message.
    pub async fn filter(
        &self,
        context: &Context,
        before: Option<Uuid>,
    ) -> Result<Filter, ActionError> {
        let [recipient, kind, channel, state] = self.fields().map(|(_, value)| value);
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Ok(Filter {
            person: match recipient {
                "" => None,
                OPERATORS => Some(Uuid::nil()),
                login => Some(id_of(context, login).await?),
            },
            // Pages show kinds in words.
            kind: match kind.contains(' ') {
                true => given(&kind.to_lowercase().replace(' ', "_")),
                false => given(kind),
            },
            channel: given(channel),
            state: read(state)?,
            before,
        })
    }
}

/// Returns a person's ID, or the largest ID when the login is unknown, so that the search finds nothing.
async fn id_of(context: &Context, login: &str) -> Result<Uuid, DbError> {
    let person = identity::reads::person(&context.db, login).await?;
    Ok(person.map_or(Uuid::max(), |person| person.id))
}

fn read(state: &str) -> Result<Option<State>, Problem> {
    let known = State::ALL.into_iter().find(|one| one.as_str() == state);
    match known {
        None if !state.is_empty() => {
            let detail = format!("state is '{state}'. Use waiting, done, given_up or dead.");
            Err(Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail))
        }
        known => Ok(known),
    }
}

/// A message and its recipient.
pub struct MessageLine {
    pub sent: Sent,
    /// A login, or `operators`.
    pub recipient: String,
}

/// Searches the outbox, newest messages first.
pub async fn lines(
    context: &Context,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<MessageLine>, DbError> {
    let found = search::search(&context.db, filter, limit).await?;
    let people: BTreeSet<Uuid> = found.iter().map(|sent| sent.person_id).collect();
    let people = people.into_iter().filter(|id| !id.is_nil()).map(UserId::new);
    let logins: HashMap<UserId, String> = identity::reads::logins(&context.db, people).await?;
    let line = |sent: Sent| MessageLine {
        recipient: match sent.person_id {
            id if id.is_nil() => OPERATORS.to_owned(),
            id => logins.get(&UserId::new(id)).cloned().unwrap_or_else(|| id.to_string()),
        },
        sent,
    };
    Ok(found.into_iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_states_are_parsed_and_others_rejected() {
        assert_eq!(read("").map_err(|problem| problem.code), Ok(None));
        for state in State::ALL {
            assert_eq!(read(state.as_str()).expect("a state"), Some(state));
        }
        assert_eq!(read("lost").expect_err("an unknown state").code, "BAD_QUERY");
    }
}
