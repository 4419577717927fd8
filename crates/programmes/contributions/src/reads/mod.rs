//! Queries of projects and contributions.

mod achievements;
mod activity;
mod analytics;
mod canonical;
mod closings;
mod contestable;
mod contributions;
mod contributors;
mod deeds;
mod describe;
mod disputes;
mod dump;
mod exclusions;
mod explained;
mod flags;
mod glance;
mod held;
mod involvement;
mod kept;
mod named_project;
mod observed;
mod on_person;
mod overrides;
mod own;
mod own_open;
mod own_seasons;
mod ownership;
mod projects;
mod queue;
mod reports;
mod repositories;
mod repository_reviewers;
mod reviewed;
mod reviews;
mod rules_versions;
mod running;
mod season_people;
mod season_report;
mod season_results;
mod season_rules;
mod seasons;
mod sign_off;
mod skills;
mod subjects;
mod work;

pub(crate) use crate::store::projects::longest_maturing;
pub(crate) use achievements::{achievements, project_champions};
pub use activity::{PersonActivity, activity};
pub use analytics::{FigureScope, ProjectVolume, analytics, volumes};
pub use canonical::{CanonicalContribution, canonical};
pub use closings::{ClosingResult, ClosingView, closings, closings_in};
pub use contestable::{Contestable, contestable};
pub use contributions::{
    Contribution, ContributionPart, PersonPulls, PersonRepository, RepositoryEarnings, earned,
    of_person, of_project, of_pull_request, pull_requests, repositories_of_person, states,
};
pub use contributors::{ContributorFilter, contributors};
pub(crate) use deeds::{merged_by_project, pending_of};
pub(crate) use describe::{describe, pull_address, pull_targets};
pub use disputes::{
    AppealView, DisputeFilter, DisputeSubject, DisputeView, MessageView, OutcomeView, dispute,
    dispute_numbers, dispute_queue, open_disputes, own_disputes, thread,
};
pub(crate) use dump::dump;
pub use exclusions::{
    ExcludedRepository, ExclusionEffect, ExclusionView, ListedRepository, ModeratedRepository,
    excluded_repositories, listed_repositories, moderated_repository,
};
pub use explained::{ExplainedPull, explained};
pub(crate) use flags::maintains_flagged;
pub use flags::{
    FlagDetail, FlagFilter, FlagView, FlaggedPull, FlaggedRepository, ReportView, flag,
    flag_counts, flag_numbers, flags,
};
pub(crate) use glance::{PullGlance, pull_glance, week};
pub use held::{
    Contest, HeldBan, HeldFlag, HeldPull, HeldPulls, HeldSanction, contest_of_pull, held_ban,
    held_flags, held_pulls, held_sanctions,
};
pub(crate) use involvement::involvement;
pub use involvement::{first_decider, involvement_in};
pub use kept::KeptFigures;
pub use named_project::find_project;
pub use observed::observed;
pub use on_person::{PersonCounts, PersonMatter, person_counts, person_matters};
pub use overrides::{OverrideView, held_override, override_by_id};
pub use own::export;
pub use own_open::{OpenPull, OwnOpen, own_open};
pub use own_seasons::{OwnSeason, own_seasons};
pub use ownership::{OwnerView, owner, owner_stays, right_to_transfer};
pub(crate) use projects::no_repository;
pub use projects::{
    MaintainerView, ProjectDetail, ProjectPart, ProjectView, allowed, allowed_and_season,
    find_maintainer, has_archived, maintained_by, maintainers, maintainers_of, maintains, owns,
    project, project_by_id, project_detail, project_id, project_of_repository, projects,
    projects_named, projects_of_github, repository, repository_named, slugs, slugs_of,
};
pub use queue::{
    QueueFilter, QueuePage, QueuePart, QueueRow, Queued, queue, queue_counts, queue_row,
};
pub use reports::{OwnReport, own_report, public_repository};
pub(crate) use repositories::repositories_of;
pub use repositories::{reading_mark, repositories};
pub(crate) use repository_reviewers::maintainers_of_repositories;
pub use reviewed::reviewed;
pub use reviews::{ReviewView, ReviewerView, review, reviewers, reviews};
pub use rules_versions::{RulesVersion, current_rules};
pub(crate) use running::RUNNING;
pub use season_people::{
    ParticipantState, ParticipantView, Registration, ResultRow, SanctionView, organizers,
    participant_named, participants_page, registration, result_of, results, sanctions_of,
    shared_emails,
};
pub use season_report::{FlagCount, ReportPerson, SeasonFacts, SeasonReport, season_report};
pub use season_results::{
    ResultView, ResultsPage, corrections_until, prizes, results_page, season_corrections,
};
pub use season_rules::{RulesPlan, SeasonRulesVersion, rules_plans, season_rules_version};
pub(crate) use seasons::{
    SeasonCandidate, SeasonWithPeople, season_candidates, seasons_with_people,
};
pub use seasons::{
    SeasonPart, SeasonView, consent, is_organizer, season, season_by_id, season_id,
    season_projects, season_slugs_of, seasons,
};
pub use sign_off::{
    OpenInProject, SignOffReasonView, open_in_projects, open_things, sign_off_reasons,
};
pub(crate) use skills::skills;
pub(crate) use subjects::{is_ban_over, of_ended_bans};
pub(crate) use work::TASKS;
