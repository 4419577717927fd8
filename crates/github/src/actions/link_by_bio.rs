use std::time::Duration;

use identity::{
    actions::{link_for_activity, must_not_be_anothers},
    model::{UserId, Viewer},
};
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    crypto::{KeyRing, SecretKey},
};
use secrecy::SecretString;

use super::registration::{Registrar, problem};
use crate::{
    gateway::{ApiError, Call, GithubApi},
    rules::bio,
};

/// The time limit of reading a profile, which leaves a response the time to link the account.
const PATIENCE: Duration = Duration::from_secs(7);

/// Makes and checks the texts by which people prove that accounts on GitHub are theirs, with keys derived from the application's. Nothing
/// is stored.
#[derive(Clone, Debug)]
pub struct BioProofs(KeyRing);

impl BioProofs {
    /// Creates the texts' maker for the application's key ring.
    #[must_use]
    pub fn new(ring: KeyRing) -> Self {
        Self(ring)
    }

    /// Returns the text for a person and the account with a login on GitHub.
    #[must_use]
    pub fn text(&self, person: UserId, login: &str, now: Timestamp) -> String {
        bio::proof_text(&derived(self.0.keys().newest()), person, login, now)
    }

    fn prove(&self, bio: &str, person: UserId, login: &str, now: Timestamp) -> bool {
        let keys: Vec<SecretString> = self.0.keys().all().iter().map(derived).collect();
        bio::proves(bio, &keys, person, login, now)
    }
}

fn derived(key: &SecretKey) -> SecretString {
    key.derived("texts in bios on GitHub")
}

impl Registrar {
    /// Returns the page of GitHub on which people change their bio.
    #[must_use]
    pub fn profile_settings(&self) -> String {
        format!("{}/settings/profile", self.github)
    }

    /// Links the account on GitHub with a login to the viewer, if the bio of its public profile has the text that proves now that it is
    /// theirs. It is linked by GitHub's ID, so that it stays theirs when it is renamed. The profile is read with the server's token, if it
    /// has one.
    ///
    /// # Errors
    /// When GitHub has no such account of a person, the bio lacks the text, GitHub refuses or does not respond, or as for
    /// [`link_for_activity`].
    pub async fn link_by_bio(
        &self,
        context: &Context,
        proofs: &BioProofs,
        viewer: &Viewer,
        typed: &str,
    ) -> Result<(), ActionError> {
        let login = bio::typed_login(typed)?;
        must_not_be_anothers(context, viewer, &login).await?;
        let permit = context.flags.permit::<GithubApi>()?;
        let call = Call::new(context, &permit);
        let api = self.clients().quick_server().unwrap_or_else(|| self.clients().once());
        let read = tokio::time::timeout(PATIENCE, api.public_profile(call, &login)).await;
        let slow = || Err(ApiError::Unavailable("it takes too long".to_owned()));
        let profile = read.unwrap_or_else(|_| slow()).map_err(|error| unread(&login, error))?;
        let now = context.now();
        let account = profile.person_named(&login, now)?;
        if !proofs.prove(profile.bio(), viewer.user_id, &login, now) {
            return Err(bio::not_in_bio(&login).into());
        }
        link_for_activity(context, viewer, account).await
    }
}

/// Describes why the profile could not be read, for a form that is shown again.
fn unread(login: &str, error: ApiError) -> Problem {
    match error {
        ApiError::NotFound => bio::unknown(login),
        ApiError::BadToken => {
            let detail = "GitHub does not accept the token of this server, so that your profile could not be read. Tell an admin, and try again later.";
            Problem::new(ProblemKind::Conflict, "GITHUB_REFUSED", detail)
        }
        ApiError::Limited(_) | ApiError::Refused { .. } => problem(error),
        error => {
            tracing::warn!(%error, "a profile on GitHub could not be read");
            let detail =
                "GitHub is not responding, so nothing was linked. Try again in a few minutes.";
            Problem::new(ProblemKind::Conflict, "GITHUB_UNAVAILABLE", detail)
        }
    }
}
