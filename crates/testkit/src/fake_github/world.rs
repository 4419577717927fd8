use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::{SubsecRound, TimeDelta};
use kernel::{Clock, Timestamp};
use tokio::sync::mpsc::UnboundedSender;

use super::{
    ages::usual_creation,
    answer::Refusal,
    apps::{APP_ID, AppHook, AppToken},
    calls::Calls,
    code::History,
    deliver::{Parcel, Pending},
    switches::{RateLimits, Switches},
};
use crate::{
    payloads::{Account, Hook, InstallationState, IssueState, Repo},
    rng::Rng,
    story::Story,
};

/// The ID of the App's webhook.
pub(super) const APP_HOOK: i64 = 190_002;

/// The state of the fake.
pub(super) struct World {
    pub(super) switches: Switches,
    pub(super) rate: RateLimits,
    pub(super) rng: Rng,
    pub(super) people: Vec<Account>,
    /// When accounts were created, by account ID; for all others, [`usual_creation`] applies.
    pub(super) joined: HashMap<i64, Timestamp>,
    /// The bios of accounts, by account ID.
    pub(super) bios: HashMap<i64, String>,
    pub(super) places: Vec<HostedRepository>,
    pub(super) tokens: HashMap<String, Token>,
    pub(super) codes: HashMap<String, SignInCode>,
    /// The installations of the App.
    pub(super) installations: Vec<InstallationState>,
    pub(super) app_tokens: HashMap<String, AppToken>,
    /// The App's webhook, if it has one.
    pub(super) app_hook: Option<AppHook>,
    pub(super) app_name: String,
    /// The page to which an installation leads back; empty for none.
    pub(super) app_setup: String,
    /// The App's deliveries.
    pub(super) app_sent: Vec<SentDelivery>,
    /// Apps that people have not confirmed yet, by ID.
    pub(super) proposed: HashMap<String, ProposedApp>,
    pub(super) app_codes: HashMap<String, AppCode>,
    clock: Arc<dyn Clock>,
    /// The number of requests that counted toward the limit.
    pub(super) counted: u64,
    /// The number of searches that counted toward their own limit.
    pub(super) searched: u64,
    pub(super) calls: Calls,
    /// The time while a history is created.
    pub(super) past: Option<Timestamp>,
    next_id: i64,
    queue: UnboundedSender<Parcel>,
    pending: Pending,
}

/// A repository with its roles, pull requests and hooks.
pub(super) struct HostedRepository {
    pub(super) repo: Arc<Repo>,
    /// Roles by account ID.
    pub(super) roles: HashMap<i64, Role>,
    pub(super) pulls: BTreeMap<i64, HostedPull>,
    pub(super) issues: BTreeMap<i64, Issue>,
    /// True when it has guidelines for contributors.
    pub(super) has_guidelines: bool,
    pub(super) hooks: Vec<HookRecord>,
    pub(super) code: History,
    /// Previous full names, in lower case.
    pub(super) old_names: Vec<String>,
}

/// A pull request, its files if a test set them, and the comments below it.
pub(super) struct HostedPull {
    pub(super) story: Story,
    pub(super) files: Option<Vec<ChangedFile>>,
    pub(super) comments: Vec<String>,
}

/// An issue, and its comments.
pub(super) struct Issue {
    pub(super) state: IssueState,
    /// The time of each comment, and its author's relation to the repository.
    pub(super) comments: Vec<(Timestamp, &'static str)>,
}

/// One file of a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedFile {
    pub filename: String,
    pub additions: i64,
    /// Lines removed.
    pub deletions: i64,
    /// The hunks of its patch. Without them, the fake invents some.
    pub patch: Option<String>,
}

/// Roles in a repository, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Read,
    /// May sort issues and pull requests.
    Triage,
    /// May push and merge.
    Write,
    /// May push, merge and change some settings.
    Maintain,
    /// May do everything, including hooks.
    Admin,
}

pub(super) struct HookRecord {
    pub(super) hook: Hook,
    pub(super) secret: Option<String>,
    pub(super) sent: Vec<SentDelivery>,
}

/// A delivery in the hook's list.
pub(super) struct SentDelivery {
    pub(super) id: i64,
    pub(super) guid: uuid::Uuid,
    pub(super) at: Timestamp,
    pub(super) redelivery: bool,
    pub(super) event: String,
    pub(super) body: Arc<str>,
    /// The receiver's status; 0 if it did not answer.
    pub(super) status: u16,
}

#[derive(Clone)]
pub(super) struct Token {
    pub(super) user: i64,
    pub(super) scopes: Vec<String>,
    pub(super) revoked: bool,
}

/// A sign-in code, which can be used once.
pub(super) struct SignInCode {
    pub(super) user: i64,
    pub(super) scopes: Vec<String>,
    pub(super) redirect_uri: Option<String>,
    pub(super) challenge: Option<String>,
    pub(super) expires_at: Timestamp,
}

/// An App that a person has not confirmed yet.
pub(super) struct ProposedApp {
    pub(super) name: String,
    pub(super) hook: String,
    pub(super) redirect_uri: String,
    pub(super) setup: String,
    pub(super) state: String,
}

/// A code that is exchanged for the App's secrets, once.
pub(super) struct AppCode {
    pub(super) secret: String,
    pub(super) expires_at: Timestamp,
}

impl World {
    pub(super) fn new(
        seed: u64,
        switches: Switches,
        clock: Arc<dyn Clock>,
        queue: UnboundedSender<Parcel>,
        pending: Pending,
    ) -> Self {
        Self {
            rate: RateLimits::new(&switches, clock.now()),
            switches,
            rng: Rng::new(seed),
            people: Vec::new(),
            joined: HashMap::new(),
            bios: HashMap::new(),
            places: Vec::new(),
            tokens: HashMap::new(),
            codes: HashMap::new(),
            installations: Vec::new(),
            app_tokens: HashMap::new(),
            app_hook: None,
            app_name: String::from("Guildhall"),
            app_setup: String::new(),
            app_sent: Vec::new(),
            proposed: HashMap::new(),
            app_codes: HashMap::new(),
            clock,
            counted: 0,
            searched: 0,
            calls: Calls::default(),
            past: None,
            next_id: 300_000_000,
            queue,
            pending,
        }
    }

    /// Returns the current second, as far back as the switch says: GitHub's timestamps have no fractions.
    pub(super) fn now(&self) -> Timestamp {
        let behind = TimeDelta::days(self.switches.days_behind.into());
        let now = self.past.unwrap_or_else(|| self.clock.now() - behind);
        now.trunc_subsecs(0)
    }

    pub(super) fn id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    pub(super) fn created_at(&self, account: i64) -> Timestamp {
        let joined = self.joined.get(&account).copied();
        joined.unwrap_or_else(|| usual_creation(account))
    }

    /// Keeps an ID from being given to anything else.
    pub(super) fn reserve(&mut self, id: i64) {
        self.next_id = self.next_id.max(id);
    }

    pub(super) fn set_switches(&mut self, switches: Switches) {
        if (switches.rate_reset, switches.rate_remaining)
            != (self.switches.rate_reset, self.switches.rate_remaining)
        {
            self.rate = RateLimits::new(&switches, self.now());
        }
        self.switches = switches;
    }

    pub(super) fn person(&self, login: &str) -> Result<&Account, Refusal> {
        let found = self.people.iter().find(|person| person.login.eq_ignore_ascii_case(login));
        found.ok_or_else(Refusal::not_found)
    }

    pub(super) fn person_by_id(&self, id: i64) -> Result<&Account, Refusal> {
        self.people.iter().find(|person| person.id == id).ok_or_else(Refusal::not_found)
    }

    /// Returns the repository `OWNER/NAME`; an old name is answered with 301, like on GitHub.
    pub(super) fn place(&self, full_name: &str) -> Result<usize, Refusal> {
        let name = full_name.to_lowercase();
        let mut places = self.places.iter();
        if let Some(found) = places.position(|place| place.repo.full_name().to_lowercase() == name)
        {
            return Ok(found);
        }
        match self.places.iter().find(|place| place.old_names.contains(&name)) {
            Some(moved) => Err(Refusal {
                location: Some(format!("/repositories/{}", moved.repo.id)),
                ..Refusal::new(301, "Moved Permanently")
            }),
            None => Err(Refusal::not_found()),
        }
    }

    /// Returns the place of the repository that another one was forked from.
    pub(super) fn parent_of(&self, place: &HostedRepository) -> Option<usize> {
        let parent = place.code.parent?;
        self.places.iter().position(|own| own.repo.id == parent)
    }

    pub(super) fn add_repo(&mut self, repo: Repo) -> &mut HostedRepository {
        let roles = HashMap::from([(repo.owner.id, Role::Admin)]);
        self.places.push(HostedRepository {
            repo: Arc::new(repo),
            roles,
            pulls: BTreeMap::new(),
            issues: BTreeMap::new(),
            has_guidelines: true,
            hooks: Vec::new(),
            code: History::default(),
            old_names: Vec::new(),
        });
        let last = self.places.len() - 1;
        &mut self.places[last]
    }

    /// Records a delivery in the hook's list and queues it for sending.
    pub(super) fn send(
        &mut self,
        place: usize,
        hook: i64,
        guid: uuid::Uuid,
        event: &str,
        body: Arc<str>,
        redelivery: bool,
    ) {
        let (id, at) = (self.id(), self.now());
        let target = &mut self.places[place];
        let Some(record) = target.hooks.iter_mut().find(|record| record.hook.id == hook) else {
            return;
        };
        let event = event.to_owned();
        let parcel = Parcel {
            repo: target.repo.id,
            hook,
            is_of_app: false,
            id,
            url: record.hook.url.clone(),
            secret: record.secret.clone(),
            guid,
            event: event.clone(),
            body: Arc::clone(&body),
            redelivery,
        };
        record.sent.push(SentDelivery { id, guid, at, redelivery, event, body, status: 0 });
        self.queue(parcel);
    }

    fn queue(&mut self, parcel: Parcel) {
        self.pending.more();
        if self.queue.send(parcel).is_err() {
            self.pending.less();
        }
    }

    /// Queues a delivery of the App for sending, if it has a webhook.
    pub(super) fn send_as_app(&mut self, event: &str, body: &str) {
        if self.app_hook.is_some() {
            let guid = self.rng.uuid();
            self.send_of_app(guid, event, body.into(), false);
        }
    }

    /// Records a delivery of the App in its list and queues it for sending, if the App has a webhook.
    pub(super) fn send_of_app(
        &mut self,
        guid: uuid::Uuid,
        event: &str,
        body: Arc<str>,
        redelivery: bool,
    ) {
        let Some(AppHook { url, secret }) = self.app_hook.clone() else {
            return;
        };
        let (id, at, event) = (self.id(), self.now(), event.to_owned());
        self.app_sent.push(SentDelivery {
            id,
            guid,
            at,
            redelivery,
            event: event.clone(),
            body: Arc::clone(&body),
            status: 0,
        });
        self.queue(Parcel {
            repo: APP_ID,
            hook: APP_HOOK,
            is_of_app: true,
            id,
            url,
            secret: Some(secret),
            guid,
            event,
            body,
            redelivery,
        });
    }

    /// Records the receiver's answer to a delivery.
    pub(super) fn sent(&mut self, parcel: &Parcel, status: u16) {
        let is_of =
            |place: &&mut HostedRepository| !parcel.is_of_app && place.repo.id == parcel.repo;
        let places = self.places.iter_mut().filter(is_of);
        let sent = places.flat_map(|place| &mut place.hooks).flat_map(|record| &mut record.sent);
        for own in sent.chain(&mut self.app_sent).filter(|own| own.id == parcel.id) {
            own.status = status;
        }
    }

    pub(super) fn code_expiry(&self) -> Timestamp {
        self.now() + TimeDelta::minutes(10)
    }
}

impl HostedRepository {
    /// Returns an account's role here; everyone may read public repositories.
    pub(super) fn role(&self, account: i64) -> Option<Role> {
        let public = (!self.repo.private).then_some(Role::Read);
        self.roles.get(&account).copied().or(public)
    }
}
