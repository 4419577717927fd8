//! The people whom the page that visitors see first may name.

use std::collections::{BTreeSet, HashMap};

use identity::{
    model::{ProfilePart, UserId},
    reads::public_people,
};
use platform::{Context, db::DbError, module::Front};
use ui::Who;
use uuid::Uuid;

use crate::reads::unlisted;

/// The people of the page who are on leaderboards and have a public page, each with the parts of it that they hide.
pub(super) struct FrontPeople(pub(super) HashMap<UserId, (Who, Vec<ProfilePart>)>);

impl FrontPeople {
    /// Reads the people of moments and the reviewers of issues.
    pub(super) async fn read(context: &Context, front: &Front) -> Result<Self, DbError> {
        let moments = front.moments.iter();
        let of_moments = moments.flat_map(|moment| moment.people.iter().chain(&moment.person));
        let reviewers = front.issues.iter().flat_map(|issue| &issue.reviewers);
        let all = of_moments.chain(reviewers.map(|reviewer| &reviewer.person));
        let all: BTreeSet<UserId> = all.map(|id| UserId::new(*id)).collect();
        let unlisted = unlisted(&context.db, all.iter().copied()).await?;
        let named = all.difference(&unlisted).copied();
        Ok(Self(public_people(&context.db, named).await?))
    }

    /// Returns a person who may be named beside a part of their profile.
    pub(super) fn beside(&self, person: Uuid, part: &str) -> Option<&Who> {
        let (who, hidden) = self.0.get(&UserId::new(person))?;
        let is_hidden = hidden.iter().any(|own| own.as_str() == part);
        (!is_hidden).then_some(who)
    }
}
