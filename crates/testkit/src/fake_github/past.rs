use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State},
};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    world::World,
};
use crate::{histories::draw, payloads::Account, rng::Rng};

#[derive(Deserialize)]
struct WantedHistory {
    /// The number of pull requests.
    pulls: usize,
    #[serde(default)]
    seed: u64,
}

/// The most pull requests of one request.
const MOST: usize = 50_000;

/// The acts on each pull request.
const ACTS: i64 = 6;

/// `POST /_past/{owner}/{repo}` with `{"pulls": N}`: lets the people have opened pull requests and acted on them, until now.
/// Webhooks receive all of it.
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    Path((owner, repo)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let WantedHistory { pulls, seed } =
        serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    if pulls > MOST {
        return Err(Refusal::invalid(format!("Set pulls to at most {MOST}.")));
    }
    let mut world = shared.world();
    let place = world.place(&format!("{owner}/{repo}"))?;
    let created = world.live(place, pulls, &mut Rng::new(seed));
    world.past = None;
    created?;
    Ok(Reply::created(json!({ "pulls": pulls }).to_string()))
}

impl World {
    fn live(&mut self, place: usize, pulls: usize, rng: &mut Rng) -> Result<(), Refusal> {
        let people: Vec<Account> = self.people.iter().take(40).cloned().collect();
        if people.is_empty() {
            return Err(Refusal::invalid("Add people first."));
        }
        let step = TimeDelta::minutes(11);
        let mut at = self.now() - step * i32::try_from(pulls * 7).unwrap_or(i32::MAX);
        for _ in 0..pulls {
            self.past = Some(at);
            let author = rng.pick(&people).clone();
            let number = self.open(place, &author, |_| {})?;
            for _ in 0..rng.between(0, ACTS) {
                at += TimeDelta::seconds(rng.between(1, 600));
                self.past = Some(at);
                let id = self.id();
                let act = draw(rng, &self.pull(place, number)?.story, id);
                let by = rng.pick(&people).clone();
                self.act(place, number, act, &by)?;
            }
            at += TimeDelta::seconds(rng.between(1, 600));
        }
        Ok(())
    }
}
