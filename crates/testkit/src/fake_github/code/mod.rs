//! Code of the fake's repositories: commits, trees, pushes, archives and workflows, with git's own SHAs.
//!
//! A [`CodeStory`] tells how a repository came to be: who created it, and which commits were pushed when, also by force. Times
//! are free, so that stories can be honest or not: a commit can claim any time, but a push happens when it happens.
//!
//! ```
//! use testkit::fake_github::code::{CodeStory, CommitStory, PushStory};
//!
//! let at = |text: &str| text.parse().expect("an instant");
//! let story = CodeStory::new("wren-oak/tide-clock", at("2026-10-02T09:00:00Z"))
//!     .collaborator("finch-ash")
//!     .push(
//!         PushStory::new("wren-oak", at("2026-10-02T11:30:00Z")).commit(
//!             CommitStory::new("wren-oak", at("2026-10-02T11:00:00Z"), "Show the tide")
//!                 .file("src/main.rs", "fn main() {}\n")
//!                 .co_author("finch-ash"),
//!         ),
//!     )
//!     // The second push replaces everything, as `git push --force` does.
//!     .push(PushStory::new("finch-ash", at("2026-10-02T15:00:00Z")).forced(0).commit(
//!         CommitStory::new("finch-ash", at("2026-10-02T14:00:00Z"), "Show the tide, again")
//!             .file("src/main.rs", "fn main() { println!(\"low\"); }\n"),
//!     ));
//! assert_eq!(story.repository, "wren-oak/tide-clock");
//! ```
//!
//! [`FakeGithub::add_code`](super::FakeGithub::add_code) plays a story that is past, without deliveries, and
//! [`FakeGithub::push_code`](super::FakeGithub::push_code) adds a push now, with its deliveries. `POST /_code` and
//! `POST /_code/{owner}/{repo}` do the same with the JSON of these types.

mod archive;
mod checks;
mod control;
mod git;
mod handle;
mod library;
mod lists;
mod objects;
mod play;
mod story;

pub(super) use archive::{codeload, tarball};
pub(super) use checks::dispatch;
pub(super) use control::{create, push};
pub(crate) use library::{
    BranchChange, CommitPerson, Library, LibraryCode, LibraryCommit, TreeEntry,
};
pub(super) use lists::{activity, commit, commits, tree};
pub(super) use objects::History;
pub use story::{CodeStory, CommitStory, PushStory, WorkflowStory};
