//! External services for tests and the demo: fakes, builders, a sample season, a clock.
//! Owns no table. Depends on kernel and platform only. Never used to answer a real request.

pub mod clock;
pub mod delivery;
pub mod fake_board;
pub mod fake_code_host;
pub mod fake_command;
pub mod fake_game_platform;
pub mod fake_github;
pub mod fake_notion;
pub mod fake_openai;
pub mod fake_openid;
pub mod fake_post;
pub mod fake_smtp;
pub mod fake_storage;
pub mod fake_trello;
pub mod growth;
pub mod highlights;
pub mod histories;
pub mod payloads;
pub mod replay;
pub mod rng;
pub mod season;
pub mod story;
