use std::{
    fmt,
    num::NonZeroUsize,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use kernel::{Problem, ProblemKind};
use platform::{
    db::{Db, DbError},
    module::Services,
    telemetry::news,
    web::WebError,
};
use serde::{Deserialize, Serialize};
use tokio::sync::{OnceCell, Semaphore};
use uuid::Uuid;

use super::{
    Index, SearchError, Vectors, Writer, folder::Folder, highlight::Highlight, meaning::Meaning,
};
use crate::{
    gateway::Models,
    model::{IndexChange, Purpose, Search, SearchMeans, SearchResults, Sort},
    reads,
    rules::{quota::Asker, vectors::stored},
};

/// Changed with the fields and the analysis of texts, so that indexes on disk are built again.
const VERSION: u32 = 1;

/// The least time between two followings of changes beside searches: each writes a part of the index.
const PAUSE: Duration = Duration::from_secs(1);

/// The age from which an index is updated before it is searched, instead of beside it.
const OLD: Duration = Duration::from_secs(10);

/// How long a search waits until the index is built.
const PATIENCE: Duration = Duration::from_secs(5);

/// The changes after which a long build is kept, so that it continues there after a restart.
const KEPT_AFTER: usize = 20_000;

/// An error of the index of this process.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CatalogError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The search engine failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The index is being built.
    #[error("the search index is being built")]
    NotReady,
    /// A thread ended before its work.
    #[error("a search ended early: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl From<CatalogError> for WebError {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::Db(error) => error.into(),
            CatalogError::NotReady => {
                let detail = "The search index is being built. Try again in a few seconds.";
                Problem::new(ProblemKind::Overloaded, "SEARCH_NOT_READY", detail).into()
            }
            error => Self::Failed(Box::new(error)),
        }
    }
}

/// The search index of this process. It is on disk, and follows the opportunities in the order of their changes: it is opened
/// by the first search, and later searches update it. Clones share the index.
#[derive(Clone)]
pub(crate) struct Catalog(Arc<SharedCatalog>);

struct SharedCatalog {
    db: Db,
    folder: PathBuf,
    opened: OnceCell<Arc<OpenedIndex>>,
    /// Permits for the searches that run at once. Matches of people take none.
    turns: Arc<Semaphore>,
    /// The vectors of searches; `None` if this server has no vectors.
    meaning: Option<Meaning>,
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Catalog")
    }
}

impl Catalog {
    /// Returns the index of a server, which is not opened yet.
    pub(crate) fn of(services: &Services) -> Self {
        let models = Models::of(&services.config);
        let model = models.get().filter(|own| own.embeddings(Purpose::Query).is_some());
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self(Arc::new(SharedCatalog {
            db: services.context.db.clone(),
            folder: services.config.data_dir.join("search"),
            opened: OnceCell::new(),
            turns: Arc::new(Semaphore::new(processors)),
            meaning: model.map(|model| Meaning::new(&services.context, model)),
        }))
    }

    /// Finds opportunities by the words of a search and, if this server has vectors, by its meaning. If there is no vector in time,
    /// the result says why it is by words only. The vector counts for `asker`.
    ///
    /// # Errors
    /// When the index is still being built, the database fails, or the engine.
    pub(crate) async fn find(
        &self,
        search: Search,
        asker: Asker,
    ) -> Result<SearchResults, CatalogError> {
        let is_by_words = search.text.trim().is_empty() || search.sort != Sort::Best;
        let Some(meaning) = self.0.meaning.as_ref().filter(|_| !is_by_words) else {
            return self.search(search).await;
        };
        let vector = match meaning.vector(&search.text, asker).await {
            Ok(vector) => vector,
            Err(why) => {
                let mut found = self.search(search).await?;
                found.by_words_only = Some(why);
                return Ok(found);
            }
        };
        let (opened, is_current) = self.up_to_date().await?;
        let find = move || {
            let index = &opened.index;
            index.search_near(&search, &opened.vectors, &vector, SearchMeans::Both)
        };
        let mut found = self.in_turn(find).await?;
        found.is_old = !is_current;
        Ok(found)
    }

    /// Finds opportunities. While others change, the results are some seconds old; they say so.
    ///
    /// # Errors
    /// When the index is still being built, the database fails, or the engine.
    pub(crate) async fn search(&self, search: Search) -> Result<SearchResults, CatalogError> {
        let (opened, is_current) = self.up_to_date().await?;
        let find = move || opened.index.search(&search);
        let mut found = self.in_turn(find).await?;
        found.is_old = !is_current;
        Ok(found)
    }

    /// Runs a search on a thread when its turn comes. At most as many run at once as there are processors: more would only slow each
    /// other down.
    async fn in_turn<T: Send + 'static>(
        &self,
        search: impl FnOnce() -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, CatalogError> {
        // It is never closed, so there is always a permit.
        let turn = Arc::clone(&self.0.turns).acquire_owned().await;
        let search = move || {
            let _turn = turn;
            search()
        };
        Ok(tokio::task::spawn_blocking(search).await??)
    }

    /// Returns what finds the words of a search in texts.
    ///
    /// # Errors
    /// When the index is still being built, or fails.
    pub(crate) async fn highlight(&self, text: &str) -> Result<Highlight, CatalogError> {
        let opened = self.opened().await?;
        Ok(opened.index.highlight(text))
    }

    /// Returns the index, and true if it has all changes. Otherwise they follow beside the search, unless the index is old.
    async fn up_to_date(&self) -> Result<(Arc<OpenedIndex>, bool), CatalogError> {
        let opened = self.opened().await?;
        let last = reads::last_change(&self.0.db).await?;
        let Some(age) = opened.behind(last) else {
            return Ok((opened, true));
        };
        let is_old = age >= OLD;
        if is_old || opened.may_follow() {
            let (following, db) = (Arc::clone(&opened), self.0.db.clone());
            let work = tokio::spawn(async move { following.follow(&db).await });
            if is_old {
                return match work.await? {
                    Ok(()) => Ok((opened, true)),
                    // A full disk keeps no one from searching what is there.
                    Err(CatalogError::Search(error)) => {
                        if let Some(times) = news("search index", &error) {
                            tracing::warn!(%error, times, "the search index cannot follow the changes");
                        }
                        Ok((opened, false))
                    }
                    Err(error) => Err(error),
                };
            }
        }
        Ok((opened, false))
    }

    /// Returns the index, opened. The opening continues if the caller does not wait for it.
    async fn opened(&self) -> Result<Arc<OpenedIndex>, CatalogError> {
        if let Some(opened) = self.0.opened.get() {
            return Ok(Arc::clone(opened));
        }
        let shared = Arc::clone(&self.0);
        let opening = tokio::spawn(async move {
            let with = shared.meaning.as_ref().map(Meaning::with);
            let open = || OpenedIndex::open(&shared.db, shared.folder.clone(), with);
            shared.opened.get_or_try_init(open).await.cloned()
        });
        match tokio::time::timeout(PATIENCE, opening).await {
            Ok(opened) => opened?,
            Err(_) => Err(CatalogError::NotReady),
        }
    }
}

/// The place of an index in the order of changes: the number of the last change in it, and the opportunity that it was of. A
/// restored backup has another one there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct ChangeMark {
    version: u32,
    change: i64,
    of: Option<reads::ChangeOf>,
}

struct OpenedIndex {
    index: Index,
    vectors: Vectors,
    /// The model whose vectors are compared.
    with: Option<String>,
    /// Absent if the index is in memory.
    folder: Option<Folder>,
    mark: tokio::sync::Mutex<ChangeMark>,
    followed: Mutex<Followed>,
}

/// How far the index follows the changes.
#[derive(Clone, Copy, Debug)]
struct Followed {
    /// The last change in the index.
    change: i64,
    /// When it was last seen to have all changes.
    current_at: Instant,
    /// When changes were last followed.
    begun_at: Instant,
}

impl OpenedIndex {
    /// Opens the index and updates it. If it cannot be written, such as on a full disk, it is in memory until the process ends.
    async fn open(
        db: &Db,
        parent: PathBuf,
        with: Option<String>,
    ) -> Result<Arc<Self>, CatalogError> {
        match Self::updated(db, Some(parent), with.clone()).await {
            Err(CatalogError::Search(error)) => {
                tracing::warn!(%error, "the search index cannot be written: it is kept in memory");
                Self::updated(db, None, with).await
            }
            opened => opened,
        }
    }

    /// Opens the index below a directory, or in memory, and updates it. One that does not agree with the database is built again.
    async fn updated(
        db: &Db,
        parent: Option<PathBuf>,
        with: Option<String>,
    ) -> Result<Arc<Self>, CatalogError> {
        let begun = Instant::now();
        let open = move || -> Result<Self, SearchError> {
            match parent {
                Some(parent) => Self::of(&parent),
                None => Self::new(Index::in_memory()?, None),
            }
        };
        let mut opened = tokio::task::spawn_blocking(open).await??;
        opened.with.clone_from(&with);
        let opened = if opened.is_of(db).await? { opened } else { opened.emptied().await? };
        opened.follow(db).await?;
        let opened = if opened.agrees(db).await? {
            opened
        } else {
            tracing::warn!("the search index differs from the database: it is built again");
            let opened = opened.emptied().await?;
            opened.follow(db).await?;
            opened
        };
        opened.load_vectors(db).await?;
        let (documents, _) = opened.index.totals()?;
        let took = begun.elapsed();
        tracing::info!(documents, ?took, "opened the search index");
        Ok(Arc::new(opened))
    }

    /// Opens the files of the index. It is in memory if the directory cannot be used.
    fn of(parent: &std::path::Path) -> Result<Self, SearchError> {
        let folder = match Folder::take(parent) {
            Ok(folder) => folder,
            Err(error) => {
                tracing::warn!(%error, directory = %parent.display(), "the search index is kept in memory");
                return Self::new(Index::in_memory()?, None);
            }
        };
        let index = match Index::open(&folder.path) {
            Ok(index) => index,
            // It is of another version, or was cut off.
            Err(error) => {
                tracing::warn!(%error, "the search index cannot be read: it is built again");
                folder.clear()?;
                Index::open(&folder.path)?
            }
        };
        Self::new(index, Some(folder))
    }

    fn new(index: Index, folder: Option<Folder>) -> Result<Self, SearchError> {
        let mark = index.mark()?;
        let mark = mark.and_then(|text| serde_json::from_str(&text).ok());
        let now = Instant::now();
        Ok(Self {
            index,
            vectors: Vectors::default(),
            with: None,
            folder,
            mark: tokio::sync::Mutex::new(mark.unwrap_or_default()),
            followed: Mutex::new(Followed { change: 0, current_at: now, begun_at: now }),
        })
    }

    /// Returns an empty index in the same place.
    async fn emptied(self) -> Result<Self, CatalogError> {
        let emptied = move || {
            let with = self.with;
            let opened = match self.folder {
                Some(folder) => {
                    drop(self.index);
                    folder.clear()?;
                    Self::new(Index::open(&folder.path)?, Some(folder))?
                }
                None => Self::new(Index::in_memory()?, None)?,
            };
            Ok::<_, SearchError>(Self { with, ..opened })
        };
        Ok(tokio::task::spawn_blocking(emptied).await??)
    }

    /// Returns true if the index was built by this version from this database.
    async fn is_of(&self, db: &Db) -> Result<bool, CatalogError> {
        let mark = self.mark.lock().await;
        if mark.change == 0 {
            return Ok(true);
        }
        let last = reads::last_change(db).await?;
        let of = reads::change_of(db, mark.change).await?;
        // Without an opportunity there, it changed again later.
        let is_same = of.is_none() || of == mark.of;
        Ok(mark.version == VERSION && mark.change <= last && is_same)
    }

    /// Returns true if the index has the documents of the database, none more and none less.
    async fn agrees(&self, db: &Db) -> Result<bool, CatalogError> {
        Ok(self.index.totals()? == reads::totals(db).await?)
    }

    fn followed(&self) -> MutexGuard<'_, Followed> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the age of the index if it lacks changes up to `last`.
    fn behind(&self, last: i64) -> Option<Duration> {
        let mut followed = self.followed();
        if followed.change >= last {
            followed.current_at = Instant::now();
            return None;
        }
        Some(followed.current_at.elapsed())
    }

    /// Returns true if it is time to follow changes. Of searches at the same time, one does.
    fn may_follow(&self) -> bool {
        let mut followed = self.followed();
        let is_time = followed.begun_at.elapsed() >= PAUSE;
        if is_time {
            followed.begun_at = Instant::now();
        }
        is_time
    }

    /// Reads the vectors of all opportunities into memory. Later changes add theirs.
    async fn load_vectors(&self, db: &Db) -> Result<(), CatalogError> {
        let Some(with) = &self.with else {
            return Ok(());
        };
        let mut after = Uuid::nil();
        loop {
            let page = reads::vectors(db, with, after).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.0;
            for (id, tie, vector) in page {
                self.vectors.put(&id.to_string(), tie, &vector);
            }
        }
    }

    fn follow_vectors(&self, changes: &[IndexChange]) {
        let Some(with) = &self.with else {
            return;
        };
        for change in changes {
            match change {
                IndexChange::Remove(key) => self.vectors.remove(key),
                IndexChange::Put(document) => {
                    let own = document.embedding.as_ref().filter(|(by, _)| by == with);
                    match own.and_then(|(_, bytes)| stored(bytes)) {
                        Some(vector) => self.vectors.put(&document.key, document.tie, &vector),
                        None => self.vectors.remove(&document.key),
                    }
                }
            }
        }
    }

    /// Adds the changes that the index lacks.
    async fn follow(&self, db: &Db) -> Result<(), CatalogError> {
        let mut mark = self.mark.lock().await;
        let begun = Instant::now();
        let mut writer: Option<Writer> = None;
        let (mut reached, mut unkept) = (mark.clone(), 0);
        loop {
            let (changes, next) = reads::changes(db, reached.change).await?;
            if changes.is_empty() {
                break;
            }
            unkept += changes.len();
            self.follow_vectors(&changes);
            reached = ChangeMark {
                version: VERSION,
                change: next,
                of: reads::change_of(db, next).await?,
            };
            let mut own = match writer.take() {
                Some(writer) => writer,
                None => self.index.writer()?,
            };
            let kept = (unkept >= KEPT_AFTER).then(|| text(&reached));
            let is_kept = kept.is_some();
            let applied = move || {
                own.apply(changes)?;
                kept.map_or(Ok(()), |mark| own.commit(&mark))?;
                Ok::<_, SearchError>(own)
            };
            writer = Some(tokio::task::spawn_blocking(applied).await??);
            if is_kept {
                (*mark, unkept) = (reached.clone(), 0);
            }
        }
        if let Some(mut writer) = writer {
            let last = text(&reached);
            let ended = move || {
                writer.commit(&last)?;
                writer.close()
            };
            tokio::task::spawn_blocking(ended).await??;
            *mark = reached;
        }
        let mut followed = self.followed();
        (followed.change, followed.current_at) = (mark.change, begun);
        Ok(())
    }
}

fn text(mark: &ChangeMark) -> String {
    serde_json::to_string(mark).unwrap_or_default()
}
