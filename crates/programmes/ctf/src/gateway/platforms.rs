use std::sync::{Arc, atomic::Ordering::Relaxed};

use platform::{Context, config::Config, flags::FlagViewer};

use super::{
    GamePlatform, GamePlatformCalls, PlatformError, answers,
    client::{Guard, MetaCtf, PlatformRequest},
    held_back,
    link::Link,
    recorder::Recorder,
};
use crate::rules::durations::Durations;

/// The ID that a check asks for if it has no other.
pub(super) const UNKNOWN_ID: &str = "guildhall-check";

/// The game platform of this installation, if there is one. Clones share the limits, and so do all that are created from the
/// same configuration.
#[derive(Clone, Debug)]
pub struct Platforms {
    kind: Option<Kind>,
    /// Counts the requests of the clients that this value and its clones open.
    recorder: Recorder,
}

#[derive(Clone, Debug)]
enum Kind {
    MetaCtf(Arc<Link>),
    Other(Arc<dyn GamePlatform>),
}

impl Platforms {
    /// Creates the client of the configured platform.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { kind: Link::of(config).map(Kind::MetaCtf), recorder: Recorder::default() }
    }

    /// Uses a platform that is not `MetaCTF`. Its client does not look at the flag during calls.
    #[must_use]
    pub fn other(platform: Arc<dyn GamePlatform>) -> Self {
        Self { kind: Some(Kind::Other(platform)), recorder: Recorder::default() }
    }

    /// Returns the same platform for one run or comparison, whose requests are counted by themselves.
    #[must_use]
    pub fn recorded(&self) -> Self {
        Self { kind: self.kind.clone(), recorder: Recorder::default() }
    }

    /// Returns whether `MetaCTF` is known to count all solves in an answer with a cursor: it is once `is_seen` was true.
    pub(crate) fn counts_all(&self, is_seen: bool) -> bool {
        match &self.kind {
            Some(Kind::MetaCtf(link)) => link.counts_all.fetch_or(is_seen, Relaxed) || is_seen,
            Some(Kind::Other(_)) | None => is_seen,
        }
    }

    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.kind.is_some()
    }

    /// Returns the prefix of all IDs of this server on the platform.
    #[must_use]
    pub fn id_prefix(&self) -> &str {
        match &self.kind {
            Some(Kind::MetaCtf(link)) => &link.id_prefix,
            Some(Kind::Other(_)) | None => "",
        }
    }

    /// Returns a client for calls that concern these people, such as the coaches of a roster: the flag must be on for one of
    /// them, or for everyone. The client looks at the flag before each call.
    ///
    /// # Errors
    /// [`PlatformError::SwitchedOff`] when there is no platform, or it is off for all of them. The text says what keeps it off.
    pub fn open(
        &self,
        context: &Context,
        subjects: &[FlagViewer],
    ) -> Result<Arc<dyn GamePlatform>, PlatformError> {
        let kind = self.kind.as_ref().ok_or_else(not_configured)?;
        if let Some(held) = held_back(&context.flags, subjects) {
            return Err(PlatformError::SwitchedOff(held));
        }
        Ok(match kind {
            Kind::MetaCtf(link) => {
                let guard = Guard::Subjects(subjects.to_vec());
                let link = (Arc::clone(link), self.recorder.clone());
                Arc::new(MetaCtf::new(link, guard, context))
            }
            Kind::Other(platform) => Arc::clone(platform),
        })
    }

    /// Returns what keeps calls for these people off, with the next step; `None` if they are possible.
    #[must_use]
    pub fn held_back(&self, context: &Context, subjects: &[FlagViewer]) -> Option<String> {
        if self.is_configured() {
            held_back(&context.flags, subjects)
        } else {
            Some(not_configured().message())
        }
    }

    /// Returns true if the platform is configured, and the variable and the row of the flag are on, for whomever.
    #[must_use]
    pub fn is_enabled(&self, context: &Context) -> bool {
        use platform::flags::{Hold, Outgoing as _};
        let hold = context.flags.hold(GamePlatformCalls::FLAG, &[]);
        self.is_configured() && matches!(hold, None | Some(Hold::Rollout))
    }

    /// Returns the number of requests of the clients that this value and its clones opened, retries included. Those to a
    /// platform that is not `MetaCTF` are not counted.
    #[must_use]
    pub fn calls(&self) -> i64 {
        i64::try_from(self.recorder.calls()).unwrap_or(i64::MAX)
    }

    /// Returns the durations of these requests.
    #[must_use]
    pub fn durations(&self) -> Durations {
        self.recorder.durations()
    }

    /// Returns a client for an operator's checks, which reads even while the flag is off; `None` without `MetaCTF`.
    #[must_use]
    pub fn checks(&self, context: &Context) -> Option<ConnectionChecks> {
        self.reading(Guard::Check, context)
    }

    /// Returns a client for the health page, which reads while the flag is on for anyone.
    pub(super) fn health(&self, context: &Context) -> Option<ConnectionChecks> {
        self.reading(Guard::Enabled, context)
    }

    fn reading(&self, guard: Guard, context: &Context) -> Option<ConnectionChecks> {
        let Some(Kind::MetaCtf(link)) = &self.kind else {
            return None;
        };
        let link = (Arc::clone(link), self.recorder.clone());
        Some(ConnectionChecks(MetaCtf::new(link, guard, context)))
    }
}

fn not_configured() -> PlatformError {
    PlatformError::SwitchedOff(
        "The game platform is not configured. Set GAME_PLATFORM_API_BASE_URL and GAME_PLATFORM_API_TOKEN, and restart."
            .to_owned(),
    )
}

#[derive(Debug)]
pub struct ConnectionChecks(MetaCtf);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    pub call: &'static str,
    /// The finding, or the error.
    pub result: Result<String, PlatformError>,
}

impl ConnectionChecks {
    /// Returns whether the platform accepts the token.
    ///
    /// # Errors
    /// When it does not, or it cannot be called.
    pub async fn token(&self) -> Result<(), PlatformError> {
        let ask = PlatformRequest::get("user", "/users", vec![("syned_user_id", UNKNOWN_ID)]);
        match self.0.send(ask).await {
            Ok(_) | Err(PlatformError::Unknown) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Makes every call that only reads, for a person's ID if one is known, and compares the answers with the expected ones.
    pub async fn all(&self, id: Option<&str>) -> Vec<CheckResult> {
        let user = vec![("syned_user_id", id.unwrap_or(UNKNOWN_ID))];
        let asks = [
            PlatformRequest::get("root", "/", Vec::new()),
            PlatformRequest::get("user", "/users", user.clone()),
            PlatformRequest::get("assignments", "/users/get_team_assignments", Vec::new()),
            PlatformRequest::get("odl_scores", "/scores/get_odl_scores", user.clone()),
            PlatformRequest::get("flash_progress", "/scores/get_flash_ctf_progress", user),
        ];
        let mut checked = Vec::with_capacity(asks.len());
        for ask in asks {
            let call = ask.call;
            let result = self.0.send(ask).await;
            let is_about_one = !matches!(call, "root" | "assignments");
            let result = match result {
                Err(PlatformError::Unknown) if is_about_one => Ok(unknown(id)),
                result => result.and_then(|text| compared(call, id, &text)),
            };
            checked.push(CheckResult { call, result });
        }
        checked
    }
}

fn unknown(id: Option<&str>) -> String {
    match id {
        Some(_) => {
            "works; the platform does not know this competitor, so its answer was not compared"
                .to_owned()
        }
        None => {
            "works; no competitor is on the platform yet, so the answer was not compared".to_owned()
        }
    }
}

/// Compares an answer about a person with what this server reads of it.
fn compared(call: &'static str, id: Option<&str>, text: &str) -> Result<String, PlatformError> {
    match call {
        "user" => answers::user(text, id).map(drop),
        "assignments" => answers::assignments(text).map(drop),
        "odl_scores" => answers::scores(text, id).map(drop),
        "flash_progress" => answers::progress(text, id).map(drop),
        _ => return Ok("the platform answers".to_owned()),
    }?;
    let (absent, new) = answers::difference(call, text);
    let mut words = "works; the answer has the expected shape".to_owned();
    for (label, names) in [("without", absent), ("with the new", new)] {
        if !names.is_empty() {
            words = format!("{words}, {label} {}", names.join(", "));
        }
    }
    Ok(words)
}
