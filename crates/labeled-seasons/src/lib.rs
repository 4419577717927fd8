//! Seasons whose people, repositories and pull requests are labeled, to judge detectors of gaming. For tests only: apart
//! from `testkit`, so that the program does not compile them. Owns no table. Depends on kernel and testkit only.

pub mod gaming;
pub mod independent;
