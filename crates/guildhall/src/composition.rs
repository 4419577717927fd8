//! How the rooms come together: tables, routes, jobs.

use std::sync::{Arc, LazyLock};

use axum::{
    Extension, Router,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use chrono::TimeDelta;
use github::api::{Hooks, Webhook};
use identity::rules::Signer;
use notifications::model::{Kind, Kinds};
use platform::{
    Context, RandomIds, SystemClock,
    alerts::Operators,
    config::Config,
    crypto::{KeyRing, SealedColumn, SecretKey},
    db::Db,
    flags::{Flag, Flags, Outgoing as _},
    idempotency::{self, Idempotency},
    jobs::{Runner, Schedule, Worker},
    outbox::{self, EMAIL, Post, Sample},
    outside::Services,
    web,
};
use sea_orm_migration::{
    MigrationTrait, MigratorTrait,
    sea_orm::{DynIden, sea_query::IntoIden},
};

use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    alerts, api,
    auth::{self, Auth},
    demo_mailbox::DemoMailbox,
    health::{self, Watch},
    jobs::Jobs,
    pages::{self, DemoPerson, SignIn},
    route_policy,
};

/// All rooms' migrations.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut all: Vec<_> = [
            platform::migrations(),
            identity::migrations(),
            notifications::migrations(),
            recognition::migrations(),
            github::migrations(),
            contributions::migrations(),
        ]
        .into_iter()
        .flatten()
        .collect();
        // In the order they were written, whichever room wrote them.
        all.sort_by(|one, other| one.name().cmp(other.name()));
        all
    }

    fn migration_table_name() -> DynIden {
        "schema_migrations".into_iden()
    }
}

/// The rooms' route_policy that need nothing but the context.
fn modules() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .merge(identity::api::routes())
        .merge(notifications::api::routes())
        .merge(recognition::api::routes())
        .merge(github::api::inbox_routes())
        .merge(contributions::api::routes())
        .merge(api::routes())
}

/// What the routes say of themselves, of all rooms.
pub(crate) fn described() -> OpenApi {
    let mut described = modules().into_openapi();
    described.merge(github::api::routes().into_openapi());
    described
}

/// Every switch of the house; each is declared where it is used.
fn declared() -> Vec<&'static Flag> {
    vec![
        identity::gateway::GithubSignIn::FLAG,
        identity::gateway::OpenIdSignIn::FLAG,
        pages::API_DOCS,
        pages::LIVE_UPDATES,
    ]
}

/// Every column of every room whose values the ring's keys encrypt.
pub const SEALED: &[SealedColumn] = &[
    idempotency::SEALED,
    outbox::push::SEALED,
    github::SEALED[0],
    github::SEALED[1],
];

/// Every letter of every room, as somebody might get it.
#[must_use]
pub fn emails() -> Vec<Sample> {
    let mut emails = identity::emails::samples();
    emails.extend(platform::alerts::samples());
    emails.extend(notifications::emails::samples());
    emails.extend(contributions::emails::samples());
    emails
}

/// Every kind of news of every room.
fn kinds() -> Kinds {
    static ALL: LazyLock<Vec<Kind>> =
        LazyLock::new(|| [contributions::emails::KINDS, notifications::model::KINDS].concat());
    Kinds(&ALL)
}

/// The house, opened: its database and what it was configured with.
#[derive(Clone)]
pub struct App {
    /// The database, the clock, ids.
    pub context: Context,
    /// The configuration in force.
    pub config: Arc<Config>,
    /// Encrypts secrets at rest.
    pub ring: KeyRing,
    /// How it writes to people.
    pub post: Post,
    /// The services outside that it calls, and how they were found.
    pub services: Services,
    /// Whom the demo lets people be; nobody anywhere else.
    pub demo: Arc<[DemoPerson]>,
    /// Where the demo's letters go.
    pub demo_mailbox: DemoMailbox,
}

impl App {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// When the data directory, the key or the database cannot be used, or the schema is newer than
    /// this program.
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&config.data_dir).map_err(|error| {
            anyhow::anyhow!(
                "cannot make the data directory {}: {error}",
                config.data_dir.display()
            )
        })?;
        let flags = Self::flags(&config)?;
        let db = Db::connect(&config.database()?).await?;
        let ring = config.key_ring()?;
        let context = Context {
            keys: Some(ring.clone()),
            ..Self::context(db, flags)
        };
        let post = Post::new(&config, ring.clone(), &context);
        let app = Self {
            services: health::services(&config, &post.channels),
            post,
            config: Arc::new(config),
            context,
            ring,
            demo: Arc::default(),
            demo_mailbox: DemoMailbox::default(),
        };
        let context = &app.context;
        context.db.migrate::<Migrator>().await?;
        context.flags.seed(context).await?;
        context.flags.follow(&context.db);
        app.ring.follow();
        Ok(app)
    }

    /// The house's flags under the environment's word for each; nothing is on before they are seeded.
    ///
    /// # Errors
    /// When that word is neither yes nor no.
    pub fn flags(config: &Config) -> anyhow::Result<Flags> {
        Ok(Flags::new(declared(), &config.switches)?)
    }

    /// A database and flags beside the machine's clock and fresh ids.
    pub(crate) fn context(db: Db, flags: Flags) -> Context {
        Context {
            flags,
            db,
            keys: None,
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
        }
    }

    /// Every route, with what all share around them.
    pub fn router(&self, metrics: Option<api::Metrics>) -> Router {
        let hooks = Hooks::new(self.context.clone(), self.ring.clone());
        let inbox = github::actions::Inbox::start(self.context.clone());
        let webhook = Webhook::new(
            inbox,
            hooks,
            [
                self.config.github_webhook_secret.clone(),
                self.config.github_webhook_secret_previous.clone(),
            ],
            self.config.inbox_bytes_in_flight,
        );
        let deliveries = Router::from(github::api::routes()).with_state(webhook);
        let all_jobs = self.all_jobs();
        let measured = get(move |state, all_jobs| api::metrics(metrics.clone(), state, all_jobs));
        let modules = Router::from(modules())
            .route("/metrics", measured)
            .with_state(self.context.clone());
        let flow = SignIn::new(self);
        let ways = Arc::new(flow.ways(self.post.channels.has(EMAIL)));
        // Pages are guarded by themselves: their failures are pages too.
        let reads = self
            .idempotency()
            .around(web::guard(modules, web::TIMEOUT))
            .merge(pages::routes(flow).with_state(self.context.clone()));
        let cors = web::Cors::new(&self.config.cors_origins, route_policy::is_open);
        let signer = Arc::new(self.signer());
        let auth = Auth::new(self.context.clone(), &self.config, Arc::clone(&signer));
        let rates = web::Rates::start(&self.config);
        let routes = web::PageCache::new(&self.context, Arc::new(route_policy::Readers))
            .around(reads.layer(Extension(all_jobs)))
            .merge(web::guard(deliveries, web::TIMEOUT))
            .layer(Extension(Watch::new(self)))
            .layer(Extension(self.post.clone()))
            .layer(Extension(self.demo_mailbox.clone()))
            .layer(Extension(rates.clone()))
            .layer(Extension(signer))
            .layer(Extension(kinds()))
            .layer(Extension(ways))
            .fallback(pages::elsewhere)
            .method_not_allowed_fallback(pages::method_not_allowed)
            .layer(from_fn_with_state(auth.clone(), auth::recognize))
            .layer(from_fn_with_state(cors, web::cors));
        web::Gate::new(route_policy::limits(&self.config), rates, auth::tell)
            .before(routes)
            .layer(from_fn_with_state(auth, auth::guard))
            .layer(from_fn(web::observe))
    }

    /// Does what is asked again once, where a route says so.
    fn idempotency(&self) -> Idempotency {
        let routes = api::document::repeatable();
        Idempotency::new(self.context.clone(), self.ring.clone(), routes)
    }

    /// What signs access tokens, by a key of its own.
    #[must_use]
    pub fn signer(&self) -> Signer {
        let issuer = self.config.public_url.as_deref().unwrap_or("guildhall");
        let ring = self.ring.clone();
        let derived = |key: &SecretKey| key.derived("access tokens");
        let keys = move || ring.keys().all().iter().map(derived).collect();
        Signer::new(keys, issuer.to_owned())
    }

    /// Every job that runs when there is something to do.
    #[must_use]
    pub fn workers(&self) -> Vec<Worker> {
        let mut workers = github::jobs::workers(self.config.jobs());
        workers.extend(identity::jobs::workers(&self.post));
        workers.extend(notifications::jobs::workers(&self.post));
        let channels = Arc::clone(&self.post.channels);
        workers.push(outbox::worker(channels, self.config.jobs()));
        workers.extend(contributions::jobs::workers(&self.post));
        workers.push(crate::privacy::worker());
        workers
    }

    /// Every job that runs at set times.
    #[must_use]
    pub fn schedules(&self) -> Vec<Schedule> {
        let mut schedules = identity::jobs::schedules();
        schedules.extend(notifications::jobs::schedules(&self.post));
        schedules.extend(github::jobs::schedules(self.config.delivery_retention_days));
        schedules.extend(contributions::jobs::schedules());
        let operators = Operators::new(&self.config, &self.post);
        schedules.push(crate::ledger::schedule(&operators));
        schedules.push(crate::privacy::schedule());
        schedules.push(idempotency::schedule());
        let watch = alerts::Watch {
            operators,
            workers: self.workers(),
            schedules: schedules.iter().map(Schedule::name).collect(),
            patience: TimeDelta::minutes(self.config.alert_outbox_minutes),
        };
        schedules.push(alerts::schedule(watch));
        schedules
    }

    /// Every job that there is, for those who look after them.
    fn all_jobs(&self) -> Arc<Jobs> {
        Arc::new(Jobs {
            workers: self.workers(),
            schedules: self.schedules(),
        })
    }

    /// Starts all jobs in this process.
    #[must_use]
    pub fn start_jobs(&self) -> Runner {
        Runner::start(
            &self.context,
            self.config.jobs(),
            self.workers(),
            self.schedules(),
        )
    }
}
