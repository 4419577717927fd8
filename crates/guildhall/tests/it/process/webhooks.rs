//! Two workers, of which each is killed with requests in progress, send every event to a webhook at least once, each
//! with one ID.

use std::collections::{BTreeMap, BTreeSet};

use platform::{
    Context,
    config::{Config, Flags},
    crypto::KeyRing,
    outbox::{
        Channels, Content, Key, WEBHOOK, enqueue,
        webhook::{self, Endpoint, NewEndpoint},
    },
};
use secrecy::ExposeSecret as _;
use standardwebhooks::Webhook;
use testkit::fake_post::FakePost;
use uuid::Uuid;

use super::{Sandbox, program::Program};

/// The owner of the webhooks.
const PERSON: Uuid = Uuid::from_u128(7);
/// The number of webhooks and of events for each.
const WEBHOOKS: usize = 4;
const EVENTS: usize = 30;

/// Starts a worker that calls local receivers, and kills itself after as many requests.
fn doomed(sandbox: &Sandbox, post: &FakePost, requests: u64) -> Program {
    let mut command = sandbox.command(&["worker"]);
    command.env("GUILDHALL_WEBHOOK_RECEIVERS", post.url());
    sandbox.start(&mut command, Some(&format!("outbox.sent:{requests}")))
}

/// Adds webhooks, and returns their secrets by path.
async fn add(
    context: &Context,
    ring: &KeyRing,
    post: &FakePost,
) -> BTreeMap<String, (Endpoint, String)> {
    let mut config = Config::load(&Default::default(), &Flags::default()).expect("defaults");
    config.webhook_receivers = vec![post.url().to_owned()];
    let receivers = Channels::receivers(&config);
    let mut added = BTreeMap::new();
    for number in 0..WEBHOOKS {
        let path = format!("/webhook/{number}");
        let new = NewEndpoint { url: format!("{}{path}", post.url()), description: String::new() };
        let new = new.check(&receivers).await.expect("valid");
        let tx = context.begin().await.expect("a transaction");
        let (endpoint, secret) =
            webhook::add(&tx, context, ring, PERSON, new).await.expect("added");
        tx.commit().await.expect("committed");
        added.insert(path, (endpoint, secret.text().expose_secret().to_owned()));
    }
    added
}

async fn write(context: &Context, endpoint: &Endpoint) {
    let (mut tx, now) = (context.begin().await.expect("a transaction"), context.now());
    for number in 0..EVENTS {
        let id = endpoint.id.to_string();
        let key = Key {
            person: PERSON,
            kind: "test",
            object: endpoint.id,
            occurrence: &number.to_string(),
            channel: WEBHOOK,
        };
        let line = Content::line(&number.to_string(), "https://guild.example/".to_owned());
        enqueue(&mut tx, context, key, &id, &line, now).await.expect("enqueued");
    }
    tx.commit().await.expect("committed");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_workers_lose_no_event() {
    let sandbox = Sandbox::new().await;
    let post = FakePost::start().await.expect("a port");
    let context = sandbox.context();
    let ring = KeyRing::from_file(&sandbox.directory().join("secret.key")).expect("a key");
    let webhooks = add(&context, &ring, &post).await;
    for (endpoint, _) in webhooks.values() {
        write(&context, endpoint).await;
    }
    for requests in [7, 13, 20] {
        let workers = [doomed(&sandbox, &post, requests), doomed(&sandbox, &post, requests)];
        for worker in workers {
            worker.killed().await;
        }
    }
    let last = doomed(&sandbox, &post, u64::from(u32::MAX));
    sandbox.counts("outbox_messages WHERE completed_at IS NULL", 0).await;
    drop(last);
    assert_eq!(sandbox.count("outbox_messages WHERE dead_at IS NOT NULL").await, 0);
    let (mut ids, mut titles) = (BTreeMap::new(), BTreeSet::new());
    for taken in post.taken() {
        let (_, secret) = &webhooks[&taken.path];
        let judge = Webhook::new(secret).expect("a secret");
        judge.verify(&taken.raw, &taken.headers).expect("genuine");
        let event = (taken.path.clone(), taken.body["data"]["title"].to_string());
        let id = taken.headers["webhook-id"].clone();
        assert_eq!(ids.entry(event.clone()).or_insert_with(|| id.clone()), &id);
        titles.insert(event);
    }
    assert_eq!(titles.len(), WEBHOOKS * EVENTS, "each event arrived");
    let distinct: BTreeSet<_> = ids.values().map(|id| id.as_bytes().to_vec()).collect();
    assert_eq!(distinct.len(), WEBHOOKS * EVENTS, "each event has its own ID");
    sandbox.remove().await;
}
