//! The application: the modules over one database, with the layers that all routes share.

use std::{
    fmt,
    ops::{Deref, DerefMut},
    sync::Arc,
};

use axum::{Router, http::Extensions};
use identity::{
    access::{
        auth::{self, Auth},
        first_run::{self, FirstRun},
        maintenance,
    },
    model::DemoPeople,
};
use platform::{
    Context, ContextParts, RandomIds, SystemClock,
    config::Config,
    db::{Db, Migration, Migrations},
    flags::Flags,
    idempotency::Idempotency,
    module::{MadeOnce, Modules, Services},
    outbox::{DemoMailbox, EMAIL, Post},
    probes::{self, Metrics},
    processes::{self, Noticed},
    settings,
    slow::{self, SlowRequests},
    web::{self, Stack},
};
use utoipa::openapi::OpenApi;

use crate::{
    MODULES, PROGRAMMES,
    backup::{COPIER, lost_key},
    route_policy::{self, RoutePolicy},
    this_machine,
};

pub struct Migrator;

impl Migrations for Migrator {
    fn migrations() -> Vec<Box<dyn Migration>> {
        MODULES.migrations()
    }
}

/// The routes of the API with their description. Applications of the same modules can share them, as an extension of the
/// services.
#[derive(Clone)]
pub struct ApiRoutes {
    routes: Router<Context>,
    description: Arc<OpenApi>,
}

impl fmt::Debug for ApiRoutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiRoutes").finish_non_exhaustive()
    }
}

impl ApiRoutes {
    /// Collects the API routes of these modules.
    #[must_use]
    pub fn of(modules: Modules) -> Self {
        let (routes, description) = modules.api().split_for_parts();
        Self { routes, description: Arc::new(description) }
    }
}

/// The application: its database and the services that its modules share.
#[derive(Clone, Debug)]
pub struct App(Services);

impl Deref for App {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}

impl DerefMut for App {
    fn deref_mut(&mut self) -> &mut Services {
        &mut self.0
    }
}

impl App {
    /// Opens the database and applies pending migrations.
    ///
    /// # Errors
    /// When the data directory, the key or the database cannot be used, or the schema is newer than this program.
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&config.data_dir).map_err(|error| {
            anyhow::anyhow!(
                "cannot create the data directory {}: {error}",
                config.data_dir.display()
            )
        })?;
        // Read before anything is written.
        let flags = Self::flags(MODULES, &config)?;
        let db = Db::connect(&config.database()?).await?.with_replica(config.replica())?;
        db.refuse_foreign(&MODULES.table_names()).await?;
        let applied = db.migrate::<Migrator>().await?;
        let (count, data_dir) = (applied.len(), config.data_dir.display());
        if count == Migrator::migrations().len() {
            tracing::info!(%data_dir, database = %db.engine(), migrations = count, "created the database");
        } else if count > 0 {
            tracing::info!(%data_dir, migrations = count, "updated the schema of the database");
        }
        Self::over(config, db, flags).await
    }

    /// Opens an application over a database whose schema is up to date, with the settings that are stored in it.
    ///
    /// # Errors
    /// When the key cannot be read, is missing next to data that it encrypted, or is not that of the processes which run.
    pub(crate) async fn over(config: Config, db: Db, flags: Flags) -> anyhow::Result<Self> {
        lost_key::refuse(MODULES, &config, &db).await?;
        let ring = config.key_ring()?;
        processes::refuse_other_key(&ring, &db).await?;
        let config = settings::overlay(&config, &db, Some(&ring)).await?;
        let app = Self::new(MODULES, config, Self::context(db, flags))?;
        let context = &app.context;
        context.flags.seed(context).await?;
        context.flags.follow(&context.db);
        app.ring.follow();
        Ok(app)
    }

    /// Creates an application over a database whose schema is up to date.
    ///
    /// # Errors
    /// When the key ring cannot be read.
    pub fn new(modules: Modules, config: Config, mut context: Context) -> anyhow::Result<Self> {
        let ring = config.key_ring()?;
        context.keys = Some(ring.clone());
        let post = Post::new(&config, ring.clone(), &context);
        let mut extensions = Extensions::new();
        extensions.insert(DemoMailbox::default());
        extensions.insert(PROGRAMMES);
        extensions.insert(COPIER);
        extensions.insert(modules);
        Ok(Self(Services {
            outside: modules.services(&config, &post),
            config: Arc::new(config),
            context,
            ring,
            post,
            extensions,
            made: MadeOnce::default(),
        }))
    }

    /// Returns the application with another configuration, over the same database and keys.
    #[must_use]
    pub(crate) fn renewed(&self, config: Config) -> Self {
        let mut app = self.clone();
        app.post = Post::new(&config, app.ring.clone(), &app.context);
        app.config = Arc::new(config);
        if app.is_demo() {
            app.use_demo_mailbox();
        }
        app.outside = app.modules().services(&app.config, &app.post);
        app
    }

    /// Stores emails in the demo's mailbox, unless there is a mail server.
    pub(crate) fn use_demo_mailbox(&mut self) {
        if !self.post.channels.has(EMAIL) {
            self.post.channels = self.demo_mailbox().beside(self);
        }
    }

    /// Returns true if visitors can sign in as people of the demo.
    fn is_demo(&self) -> bool {
        self.extensions.get::<DemoPeople>().is_some_and(|demo| !demo.0.is_empty())
    }

    /// Returns the flags that the environment permits. All are off until they are seeded.
    ///
    /// # Errors
    /// When a variable is neither true nor false.
    pub fn flags(modules: Modules, config: &Config) -> anyhow::Result<Flags> {
        Ok(Flags::new(modules.flags(), &config.switches)?)
    }

    /// Creates a context with the system clock and random IDs.
    pub(crate) fn context(db: Db, flags: Flags) -> Context {
        Context::from(ContextParts {
            flags,
            db,
            keys: None,
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
        })
    }

    /// Returns the services that the modules share.
    #[must_use]
    pub fn into_services(self) -> Services {
        self.0
    }

    /// Returns the in-memory mailbox that a demo without a mail server uses.
    #[must_use]
    pub fn demo_mailbox(&self) -> DemoMailbox {
        self.extensions.get().cloned().unwrap_or_default()
    }

    /// Returns every route, with the shared layers.
    pub fn router(&self, metrics: Option<Metrics>) -> Router {
        let rates = self.once(|| web::Rates::start(&self.config));
        let auth = Arc::new(Auth::new(&self.0));
        let provided = self.provided(&rates);
        let people = self.people(metrics, provided.clone(), &auth);
        let routes = people.merge(self.intake(&auth));
        let limits = route_policy::limits(&self.config, self.modules());
        let inner = if self.is_demo() {
            Stack::default().with(this_machine::only)
        } else {
            Stack::default()
        };
        let inner = match self.extensions.get::<Arc<FirstRun>>() {
            Some(first_run) => inner.with_state(Arc::clone(first_run), first_run::lead),
            None => inner,
        };
        let venues = platform::exempt::ExemptNetworks::of(&self.context);
        let refusals = web::Refusals { respond: auth::refuse, provided };
        let noticed = self.once(Noticed::default);
        let gate = web::Gate::new(limits, rates, refusals, venues, noticed);
        let outer = gate.around(inner).with_state(auth, auth::guard);
        let slow = SlowRequests::of(self);
        let outer = outer.with_state(self.observation(), web::observe);
        outer.with_state(slow, slow::watch).with(web::read_unread).around(routes)
    }

    /// Returns what each request of a person carries for the pages.
    fn provided(&self, rates: &web::Rates) -> Extensions {
        let modules = self.modules();
        let mut provided = Extensions::new();
        for module in modules.iter() {
            (module.provide)(&self.0, &mut provided);
        }
        ui::preview::mark_with(&self.ring);
        provided.insert(ui::Community::of(&self.config));
        provided.insert(ui::Navigation::of(modules));
        provided.insert(rates.clone());
        provided.insert(self.extensions.get::<web::Loading>().cloned().unwrap_or_default());
        provided
    }

    /// Returns the API and the pages with the layers that serve people: who they are, what other origins may read, and
    /// the page cache.
    fn people(&self, metrics: Option<Metrics>, provided: Extensions, auth: &Arc<Auth>) -> Router {
        let modules = self.modules();
        let policy = Arc::new(RoutePolicy::of(modules));
        let cors = web::Cors::new(&self.config.cors_origins, {
            let policy = Arc::clone(&policy);
            move |route| policy.is_open(route)
        });
        let cache = web::PageCache::new(&self.context, self.cookies(), policy);
        let shared = cache.around(self.guarded(metrics));
        let shared = Stack::default().with(ui::notices).around(shared);
        let routes =
            shared.fallback(ui::elsewhere).method_not_allowed_fallback(ui::method_not_allowed);
        let inner = match self.config.maintenance.as_str() {
            "" => Stack::default(),
            message => Stack::default().with_state(message.to_owned(), maintenance::hold),
        };
        inner
            .with_state(Arc::clone(auth), auth::authenticate)
            .with_state(cors, web::cors)
            .with(move |mut request, next| {
                request.extensions_mut().extend(provided.clone());
                next.run(request)
            })
            .around(routes)
    }

    /// Returns the routes that receive deliveries from other programs. They need none of the layers that serve people.
    fn intake(&self, auth: &Arc<Auth>) -> Router {
        let intake = self.modules().iter().map(|module| (module.intake)(&self.0));
        let intake = web::guard(intake.fold(Router::new(), Router::merge), web::TIMEOUT);
        let intake = intake.method_not_allowed_fallback(ui::method_not_allowed);
        Stack::default().with_state(Arc::clone(auth), auth::refuse_other_sites).around(intake)
    }

    /// Returns the API and the pages. Pages have their own guard, which answers failures with pages.
    fn guarded(&self, metrics: Option<Metrics>) -> Router {
        let (services, modules) = (&self.0, self.modules());
        let api = self.extensions.get().cloned().unwrap_or_else(|| ApiRoutes::of(modules));
        let ApiRoutes { routes, description } = api;
        let parameters = web::KnownParameters::of(&description);
        let api = routes
            .route("/metrics", probes::metrics(services, metrics))
            .with_state(self.context.clone());
        let api = Stack::default()
            .with(web::link)
            .with(auth::ask_for_factor)
            .with_state(parameters, web::known_parameters)
            .around(api);
        // Replays stored responses of the routes that take an `Idempotency-Key`.
        let idempotency = Idempotency::of(self.context.clone(), self.ring.clone(), &description);
        let pages = modules.iter().map(|module| (module.pages)(services));
        let pages = pages.fold(Router::new(), Router::merge);
        let pages = Stack::default().with(auth::ask_for_factor).around(pages);
        idempotency
            .around(web::guard(api, web::TIMEOUT))
            .merge(ui::dress(pages, web::TIMEOUT).with_state(self.context.clone()))
            .merge(ui::routes())
    }
}
