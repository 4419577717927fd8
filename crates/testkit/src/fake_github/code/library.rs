//! Stories without GitHub around them, for fakes of other code hosts.

use std::{
    collections::BTreeSet,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kernel::{Clock, Timestamp};
use tokio::sync::mpsc;

use super::{
    super::{
        Switches,
        answer::Refusal,
        deliver::Pending,
        world::{HostedRepository, World},
    },
    archive::pack,
    git::{self, NONE, Signature},
    story::{CodeStory, PushStory},
};

/// Repositories with the histories that stories tell. Nothing is delivered.
pub(crate) struct Library(Mutex<World>);

/// A repository of a library, by its place.
pub(crate) struct LibraryCode<'a>(MutexGuard<'a, World>, usize);

pub(crate) struct LibraryCommit {
    pub(crate) sha: String,
    pub(crate) parents: Vec<String>,
    pub(crate) message: String,
    pub(crate) author: CommitPerson,
    pub(crate) committer: CommitPerson,
}

pub(crate) struct CommitPerson {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) at: Timestamp,
}

/// A file or folder.
pub(crate) struct TreeEntry {
    pub(crate) path: String,
    pub(crate) sha: String,
    /// The size of a file; absent for a folder.
    pub(crate) size: Option<usize>,
}

/// A change of a branch. The commit before a new branch and after a deleted one is absent.
pub(crate) struct BranchChange {
    pub(crate) id: i64,
    pub(crate) by: String,
    pub(crate) branch: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) at: Timestamp,
}

impl Library {
    /// Creates an empty library, with this source of its timestamps.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let (queue, _) = mpsc::unbounded_channel();
        let world = World::new(1, Switches::default(), clock, queue, Pending::new());
        Self(Mutex::new(world))
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a repository with its history, and the people in it.
    ///
    /// # Errors
    /// When the name is taken, or the story cannot be played.
    pub(crate) fn add(&self, story: &CodeStory) -> Result<(), Refusal> {
        let mut world = self.world();
        for login in story.pushes.iter().flat_map(people) {
            know(&mut world, &login);
        }
        for login in &story.collaborators {
            know(&mut world, login);
        }
        world.add_code(story).map(drop)
    }

    /// Pushes to a repository; returns the branch's commit afterward, if there is one.
    ///
    /// # Errors
    /// When the repository is unknown, or the story cannot be played.
    pub(crate) fn push(&self, repo: &str, story: &PushStory) -> Result<Option<String>, Refusal> {
        let mut world = self.world();
        for login in people(story) {
            know(&mut world, &login);
        }
        let place = world.place(repo)?;
        let pushed = world.apply_push(place, story)?;
        Ok(commit(&pushed.after))
    }

    /// Finds a repository by its full name, also by a former one: then the second value is its present name.
    pub(crate) fn find(&self, repo: &str) -> Option<(LibraryCode<'_>, Option<String>)> {
        let world = self.world();
        let name = repo.to_lowercase();
        let is_old = |place: &HostedRepository| place.old_names.contains(&name);
        let found = match world.place(repo) {
            Ok(found) => (found, None),
            Err(_) => {
                let moved = world.places.iter().position(is_old)?;
                (moved, Some(world.places[moved].repo.full_name()))
            }
        };
        Some((LibraryCode(world, found.0), found.1))
    }

    /// Renames a repository within its owner.
    ///
    /// # Errors
    /// When it is unknown.
    pub(crate) fn rename(&self, repo: &str, name: &str) -> Result<(), Refusal> {
        let mut world = self.world();
        let place = world.place(repo)?;
        let place = &mut world.places[place];
        place.old_names.push(repo.to_lowercase());
        name.clone_into(&mut Arc::make_mut(&mut place.repo).name);
        Ok(())
    }
}

/// Adds a person, unless they are known.
fn know(world: &mut World, login: &str) {
    if world.person(login).is_err() {
        world.new_person(login);
    }
}

fn people(push: &PushStory) -> BTreeSet<String> {
    let mut named = BTreeSet::from([push.by.clone()]);
    for commit in &push.commits {
        named.insert(commit.author.clone());
        named.extend(commit.committer.clone());
        named.extend(commit.co_authors.iter().cloned());
    }
    // Others are `NAME <EMAIL>`.
    named.retain(|person| !person.contains('<'));
    named
}

/// Returns a commit's SHA, unless it is that of none.
fn commit(sha: &str) -> Option<String> {
    (sha != NONE).then(|| sha.to_owned())
}

impl LibraryCode<'_> {
    fn place(&self) -> &HostedRepository {
        &self.0.places[self.1]
    }

    pub(crate) fn id(&self) -> i64 {
        self.place().repo.id
    }

    pub(crate) fn full_name(&self) -> String {
        self.place().repo.full_name()
    }

    pub(crate) fn is_private(&self) -> bool {
        self.place().repo.private
    }

    pub(crate) fn created_at(&self) -> Timestamp {
        self.place().repo.created_at
    }

    pub(crate) fn license(&self) -> Option<&str> {
        self.place().repo.license.as_deref()
    }

    pub(crate) fn default_branch(&self) -> &str {
        &self.place().repo.default_branch
    }

    /// Returns the full name of the repository that it was forked from.
    pub(crate) fn parent(&self) -> Option<String> {
        let parent = self.0.parent_of(self.place())?;
        Some(self.0.places[parent].repo.full_name())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.place().code.branches.is_empty()
    }

    /// Returns the newest commit of a branch.
    pub(crate) fn head(&self, branch: &str) -> Option<&str> {
        self.place().code.branches.get(branch).map(String::as_str)
    }

    /// Lists the commits that lead to one, by its SHA or branch, newest first.
    pub(crate) fn history(&self, reference: &str) -> Option<Vec<LibraryCommit>> {
        let start = self.place().code.find(reference)?;
        let listed = self.place().code.history(&start.sha);
        let written = listed.iter().map(|commit| LibraryCommit {
            sha: commit.sha.clone(),
            parents: commit.parents.clone(),
            message: commit.message.clone(),
            author: person(&commit.author),
            committer: person(&commit.committer),
        });
        Some(written.collect())
    }

    /// Lists the files and folders of a commit, with the SHA of its tree.
    pub(crate) fn tree(&self, reference: &str) -> Option<(String, Vec<TreeEntry>)> {
        let commit = self.place().code.find(reference)?;
        let (_, nodes) = git::tree(&commit.files);
        let entries = nodes.into_iter().map(|node| TreeEntry {
            path: node.path,
            sha: node.sha,
            size: node.size,
        });
        Some((commit.tree.clone(), entries.collect()))
    }

    /// Packs the files of a commit into the folder `top`.
    pub(crate) fn archive(&self, reference: &str, top: &str) -> Option<io::Result<Vec<u8>>> {
        let commit = self.place().code.find(reference)?;
        Some(pack(commit, top))
    }

    /// Lists the changes of branches, newest first.
    pub(crate) fn changes(&self) -> Vec<BranchChange> {
        let mut changes: Vec<BranchChange> = (self.place().code.changes.iter())
            .map(|own| BranchChange {
                id: own.id,
                by: self.login(own.by),
                branch: own.branch.clone(),
                before: commit(&own.before),
                after: commit(&own.after),
                at: own.at,
            })
            .collect();
        changes.sort_by_key(|own| std::cmp::Reverse((own.at, own.id)));
        changes
    }

    fn login(&self, id: i64) -> String {
        let person = self.0.person_by_id(id);
        person.map(|own| own.login.clone()).unwrap_or_default()
    }
}

fn person(signature: &Signature) -> CommitPerson {
    CommitPerson { name: signature.name.clone(), email: signature.email.clone(), at: signature.at }
}
