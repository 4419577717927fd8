use reqwest::Method;

use super::{Api, ApiError, Call};
use crate::rules::bio::PublicProfile;

impl Api {
    /// Reads the public profile of the account with a login; the caller checked that it is one ([`crate::rules::names::is_login`]).
    ///
    /// # Errors
    /// When GitHub knows no such account, does not respond, refuses, or a limit is reached.
    pub(crate) async fn public_profile(
        &self,
        call: Call<'_>,
        login: &str,
    ) -> Result<PublicProfile, ApiError> {
        let answer = self.ask(call, Method::GET, &format!("/users/{login}"), None).await?;
        answer.parsed()
    }
}
