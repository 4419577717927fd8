use std::io;

use kernel::Timestamp;
use tokio::net::TcpListener;

use super::{
    ChangedFile, Options, Refusal, Role, Running, Switches,
    apps::AppHook,
    start,
    world::{HostedRepository, World},
};
use crate::{
    histories::draw,
    payloads::{Account, Hook, PullState, Repo, Verdict},
    rng::Rng,
    story::Act,
};

/// A running fake for tests: its address, and methods that change its state. Repositories are named `OWNER/NAME`,
/// people by their login. Dropping it stops the server.
pub struct FakeGithub(pub(super) Running);

impl FakeGithub {
    /// Starts a fake on a free local port.
    ///
    /// # Errors
    /// When no port is available.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        start(listener, options).map(Self)
    }

    /// Returns the address of its API and sign-in, such as `http://127.0.0.1:4000`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.shared.base
    }

    /// Adds a person, with the token `token-LOGIN`.
    pub fn add_user(&self, login: &str) -> Account {
        self.0.shared.world().new_person(login)
    }

    /// Sets when a person's account was created.
    ///
    /// # Errors
    /// When the person is unknown.
    pub fn set_created_at(&self, login: &str, created_at: Timestamp) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let id = world.person(login)?.id;
        world.joined.insert(id, created_at);
        Ok(())
    }

    /// Sets the bio of a person's public profile.
    ///
    /// # Errors
    /// When the person is unknown, or the bio is longer than 160 characters.
    pub fn set_bio(&self, login: &str, bio: &str) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let id = world.person(login)?.id;
        world.set_bio(id, bio)
    }

    /// Adds a public repository. An unknown owner becomes an organization.
    pub fn add_repo(&self, owner: &str, name: &str) -> Repo {
        let mut world = self.0.shared.world();
        let known = world.person(owner).cloned().ok();
        let owner = known.unwrap_or_else(|| {
            let account = Account::organization(world.id(), owner);
            world.people.push(account.clone());
            account
        });
        let (id, now) = (world.id(), world.now());
        let repo = Repo::new(id, owner, name, now);
        world.add_repo(repo.clone());
        repo
    }

    /// Gives a person a role in a repository.
    ///
    /// # Errors
    /// When either is unknown.
    pub fn permit(&self, repo: &str, login: &str, role: Role) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let (place, account) = known(&world, repo, login)?;
        world.places[place].roles.insert(account.id, role);
        Ok(())
    }

    /// Changes a repository without an event, for example before anyone sees it.
    ///
    /// # Errors
    /// When the repository is unknown.
    pub fn shape(&self, repo: &str, change: impl FnOnce(&mut Repo)) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let place = world.place(repo)?;
        change(std::sync::Arc::make_mut(&mut world.places[place].repo));
        Ok(())
    }

    /// Returns the IDs, URLs and secrets of a repository's hooks.
    ///
    /// # Errors
    /// When the repository is unknown.
    pub fn hooks(&self, repo: &str) -> Result<Vec<(i64, String, Option<String>)>, Refusal> {
        let world = self.0.shared.world();
        let place = &world.places[world.place(repo)?];
        let hooks = place.hooks.iter();
        let shown = hooks.map(|own| (own.hook.id, own.hook.url.clone(), own.secret.clone()));
        Ok(shown.collect())
    }

    /// Returns the events of the only hook of a repository.
    ///
    /// # Errors
    /// When the repository is unknown, or has none or several hooks.
    pub fn hook_events(&self, repo: &str) -> Result<Vec<String>, Refusal> {
        let mut world = self.0.shared.world();
        Ok(only_hook(&mut world, repo)?.events.clone())
    }

    /// Changes the events of the only hook of a repository, as an admin can on GitHub's pages.
    ///
    /// # Errors
    /// When the repository is unknown, or has none or several hooks.
    pub fn set_hook_events(&self, repo: &str, events: &[&str]) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let texts = events.iter().map(|event| (*event).to_owned());
        only_hook(&mut world, repo)?.events = texts.collect();
        Ok(())
    }

    /// Revokes all tokens that OAuth apps have for a person, as the person can on GitHub's pages.
    ///
    /// # Errors
    /// When the person is unknown.
    pub fn revoke_apps(&self, login: &str) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let id = world.person(login)?.id;
        let tokens = world.tokens.iter_mut();
        for (_, token) in
            tokens.filter(|(name, token)| token.user == id && name.starts_with("gho_"))
        {
            token.revoked = true;
        }
        Ok(())
    }

    /// Has GitHub deliver the events of the App to a URL, signed with a secret.
    pub fn deliver_app_to(&self, url: &str, secret: &str) {
        self.0.shared.world().app_hook =
            Some(AppHook { url: url.to_owned(), secret: secret.to_owned() });
    }

    /// Installs the App for a person or organization in some of their repositories; returns the installation's ID.
    ///
    /// # Errors
    /// When something is unknown.
    pub fn install(&self, login: &str, repos: &[&str]) -> Result<i64, Refusal> {
        self.0.shared.world().install(login, repos)
    }

    /// Suspends an installation of the App, or ends that.
    ///
    /// # Errors
    /// When it is unknown.
    pub fn suspend(&self, installation: i64, is_suspended: bool) -> Result<(), Refusal> {
        self.0.shared.world().suspend(installation, is_suspended)
    }

    /// Deletes an installation of the App.
    ///
    /// # Errors
    /// When it is unknown.
    pub fn uninstall(&self, installation: i64) -> Result<(), Refusal> {
        self.0.shared.world().uninstall(installation)
    }

    /// Adds a repository to an installation of the App, or removes it.
    ///
    /// # Errors
    /// When either is unknown.
    pub fn include(&self, installation: i64, repo: &str, is_added: bool) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        world.include(installation, repo, is_added)
    }

    /// Ends all tokens of installations before their time, and returns their number.
    pub fn end_app_tokens(&self) -> usize {
        let mut world = self.0.shared.world();
        world.app_tokens.drain().count()
    }

    /// Returns the number of valid tokens that OAuth apps have for a person.
    ///
    /// # Errors
    /// When the person is unknown.
    pub fn grants(&self, login: &str) -> Result<usize, Refusal> {
        let world = self.0.shared.world();
        let id = world.person(login)?.id;
        let tokens = world.tokens.iter();
        let valid = tokens
            .filter(|(name, token)| token.user == id && name.starts_with("gho_") && !token.revoked);
        Ok(valid.count())
    }

    /// Changes a person's role in a repository, or removes them, and notifies the hooks.
    ///
    /// # Errors
    /// When either is unknown.
    pub fn change_role(&self, repo: &str, login: &str, role: Option<Role>) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let (place, member) = known(&world, repo, login)?;
        let by = world.places[place].repo.owner.clone();
        world.change_role(place, &member, role, &by);
        Ok(())
    }

    /// Returns a person and a repository, for payloads that a test sends itself.
    ///
    /// # Errors
    /// When either is unknown.
    pub fn named(&self, login: &str, repo: &str) -> Result<(Account, Repo), Refusal> {
        let world = self.0.shared.world();
        let (place, account) = known(&world, repo, login)?;
        Ok((account, (*world.places[place].repo).clone()))
    }

    /// Creates a token with these scopes.
    ///
    /// # Errors
    /// When the person is unknown.
    pub fn token(&self, login: &str, scopes: &[&str]) -> Result<String, Refusal> {
        let mut world = self.0.shared.world();
        let id = world.person(login)?.id;
        Ok(world.new_token(id, scopes.iter().map(|&scope| scope.to_owned()).collect()))
    }

    /// Revokes a token, as its owner can on GitHub's pages.
    pub fn revoke(&self, token: &str) {
        if let Some(token) = self.0.shared.world().tokens.get_mut(token) {
            token.revoked = true;
        }
    }

    /// Creates a hook for all events, pings it and returns its ID.
    ///
    /// # Errors
    /// When the repository is unknown or has the hook already.
    pub fn add_hook(&self, repo: &str, url: &str, secret: &str) -> Result<i64, Refusal> {
        let mut world = self.0.shared.world();
        let place = world.place(repo)?;
        let by = world.places[place].repo.owner.clone();
        world.add_hook(place, url, vec![String::from("*")], Some(secret.to_owned()), &by)
    }

    /// Opens a pull request and returns its number; `shape` may change it before the event is sent.
    ///
    /// # Errors
    /// When the repository or the author is unknown.
    pub fn open_pull(
        &self,
        repo: &str,
        author: &str,
        shape: impl FnOnce(&mut PullState),
    ) -> Result<i64, Refusal> {
        let mut world = self.0.shared.world();
        let (place, author) = known(&world, repo, author)?;
        world.open(place, &author, shape)
    }

    /// Returns the comments below a pull request, oldest first.
    ///
    /// # Errors
    /// When the repository or the pull request is unknown.
    pub fn pull_comments(&self, repo: &str, number: i64) -> Result<Vec<String>, Refusal> {
        let world = self.0.shared.world();
        let place = world.place(repo)?;
        Ok(world.pull(place, number)?.comments.clone())
    }

    /// Applies an act to a pull request.
    ///
    /// # Errors
    /// When something is unknown, or GitHub would not allow the act.
    pub fn act(&self, repo: &str, number: i64, by: &str, act: Act) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let (place, by) = known(&world, repo, by)?;
        world.act(place, number, act, &by)
    }

    /// Merges a pull request.
    ///
    /// # Errors
    /// As [`FakeGithub::act`].
    pub fn merge(&self, repo: &str, number: i64, by: &str) -> Result<(), Refusal> {
        self.act(repo, number, by, Act::Merged)
    }

    /// Submits a review and returns its ID.
    ///
    /// # Errors
    /// As [`FakeGithub::act`], and when an author gives a verdict on their own pull request.
    pub fn review(
        &self,
        repo: &str,
        number: i64,
        by: &str,
        verdict: Verdict,
    ) -> Result<i64, Refusal> {
        let mut world = self.0.shared.world();
        let (place, by) = known(&world, repo, by)?;
        world.submit(place, number, &by, verdict, Some(String::from("I have read it.")))
    }

    /// Sets the files of a pull request, instead of generated ones.
    ///
    /// # Errors
    /// When the pull request is unknown.
    pub fn set_files(
        &self,
        repo: &str,
        number: i64,
        files: Vec<ChangedFile>,
    ) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let place = world.place(repo)?;
        let pull = world.places[place].pulls.get_mut(&number).ok_or_else(Refusal::not_found)?;
        pull.files = Some(files);
        Ok(())
    }

    /// Changes a person's login. GitHub sends no event for this.
    ///
    /// # Errors
    /// When the person is unknown.
    pub fn rename_user(&self, login: &str, to: &str) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let id = world.person(login)?.id;
        world.rename_person(id, to);
        Ok(())
    }

    /// Renames a repository.
    ///
    /// # Errors
    /// When the repository is unknown or the name is taken.
    pub fn rename_repo(&self, repo: &str, to: &str) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let place = world.place(repo)?;
        let by = world.places[place].repo.owner.clone();
        world.rename_repo(place, to, &by)
    }

    /// Makes a repository private or public.
    ///
    /// # Errors
    /// When the repository is unknown.
    pub fn set_private(&self, repo: &str, private: bool) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let place = world.place(repo)?;
        let by = world.places[place].repo.owner.clone();
        let action = if private { "privatized" } else { "publicized" };
        world.change_repo(place, action, &by, &[], |repo| repo.private = private);
        Ok(())
    }

    /// Deletes a label from a repository. GitHub takes it off pull requests without an event.
    ///
    /// # Errors
    /// When the repository is unknown.
    pub fn delete_label(&self, repo: &str, name: &str) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let place = world.place(repo)?;
        for pull in world.places[place].pulls.values_mut() {
            pull.story.pull.labels.retain(|own| own.name != name);
        }
        Ok(())
    }

    /// Returns the current state of a pull request.
    ///
    /// # Errors
    /// When the pull request is unknown.
    pub fn pull(&self, repo: &str, number: i64) -> Result<PullState, Refusal> {
        let world = self.0.shared.world();
        let place: &HostedRepository = &world.places[world.place(repo)?];
        let pull = place.pulls.get(&number).ok_or_else(Refusal::not_found)?;
        Ok(pull.story.pull.clone())
    }

    /// Changes the simulated faults.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let mut world = self.0.shared.world();
        let mut switches = world.switches.clone();
        change(&mut switches);
        world.set_switches(switches);
    }

    /// Draws a random act that GitHub would allow on a pull request.
    ///
    /// # Errors
    /// When the pull request is unknown.
    pub fn draw(&self, repo: &str, number: i64, rng: &mut Rng) -> Result<Act, Refusal> {
        let mut world = self.0.shared.world();
        let (place, id) = (world.place(repo)?, world.id());
        Ok(draw(rng, &world.pull(place, number)?.story, id))
    }

    /// Returns the number of API requests that counted toward the limit.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.0.shared.world().counted
    }

    /// Returns the number of searches that counted toward the limit for searches.
    #[must_use]
    pub fn searches(&self) -> u64 {
        self.0.shared.world().searched
    }

    /// Waits until every delivery was sent or dropped.
    pub async fn settle(&self) {
        self.0.shared.pending.none().await;
    }
}

fn known(world: &World, repo: &str, login: &str) -> Result<(usize, Account), Refusal> {
    Ok((world.place(repo)?, world.person(login)?.clone()))
}

/// Finds the only hook of a repository.
fn only_hook<'a>(world: &'a mut World, repo: &str) -> Result<&'a mut Hook, Refusal> {
    let place = world.place(repo)?;
    match &mut world.places[place].hooks[..] {
        [only] => Ok(&mut only.hook),
        _ => Err(Refusal::not_found()),
    }
}
