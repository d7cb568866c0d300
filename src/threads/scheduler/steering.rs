//! The scheduler obeys orders: acts on its stream, another epoch, a pause.

use std::sync::Arc;

use log::{info, warn};

use super::SchedulerThread;
use crate::config::Config;
use crate::config::steering::{Act, TimedAct};
use crate::epoch::{Beginning, ComingEpoch, Epoch, Prepared};
use crate::format::Logs;
use crate::orders::{GivenOrder, Obeyed, Order};
use crate::replay::RecordedEpoch;
use crate::run_record::acts::ActInForce;
use crate::time::{SECOND, Time, timestamp};

impl SchedulerThread {
    /// Obeys the orders that have been given. `now` is the time up to which lines are due.
    pub(super) fn obey(&mut self, now: Time) {
        while let Ok(GivenOrder { order, answer }) = self.orders.given.try_recv() {
            let obeyed = self.carry_out(order, now);
            match &obeyed {
                Obeyed::Done(what) => info!("{what}"),
                Obeyed::Refused(why) => warn!("An order was refused: {why}"),
                Obeyed::Busy | Obeyed::NeedsAnotherSite(_) => {}
            }
            // The one who asked may have ended.
            let _ = answer.send(obeyed);
        }
    }

    fn carry_out(&mut self, order: Order, now: Time) -> Obeyed {
        if !self.waits {
            let why = "it does not wait for the clock, and so nothing can be told in time";
            return Obeyed::Refused(why.to_owned());
        }
        let is_busy = self.orders.coming.is_some() || self.orders.is_preparing;
        if is_busy && matches!(order, Order::Act(_) | Order::Reload(_)) {
            return Obeyed::Busy;
        }
        // Nothing from then on has been sent, and acts keep their order.
        let next = (now.max(self.pace.reached()) / SECOND + 1) * SECOND;
        let at = next.max(self.orders.last_turn);
        match order {
            Order::Act(act) => self.act(act, at),
            Order::Reload(config) => self.reload(*config, at),
            Order::Begin(prepared) => {
                // What was told before is in force for a second at least.
                let at = if at == self.orders.last_turn { at + SECOND } else { at };
                self.orders.is_preparing = false;
                self.orders.coming = Some(ComingEpoch { at, prepared: *prepared });
                Obeyed::Done(format!(
                    "Another epoch of the run begins at {}: its configuration has another site or other visitors",
                    timestamp(at)
                ))
            }
            Order::Pause if self.orders.held => Obeyed::Refused("it is paused already".to_owned()),
            Order::Resume if !self.orders.held => Obeyed::Refused("it is not paused".to_owned()),
            Order::Pause => {
                self.hold(true);
                Obeyed::Done("Paused: no line is written until `ctl resume`".to_owned())
            }
            Order::Resume => {
                self.hold(false);
                let done = "Resumed: what was due meanwhile is left out, but for what output.burst_seconds may make up for";
                Obeyed::Done(done.to_owned())
            }
        }
    }

    fn hold(&mut self, held: bool) {
        self.orders.held = held;
        self.status.held(held);
    }

    fn act(&mut self, act: Act, at: Time) -> Obeyed {
        let config = match self.epoch.config.after(&act, at) {
            Ok(config) => Arc::new(config),
            Err(why) => return Obeyed::Refused(why),
        };
        let from = timestamp(at);
        let done = match &act {
            Act::Rate(rate) => format!("From {from} on, output.rate is {rate}"),
            Act::Start(event) => format!("The event {event} starts at {from}"),
            Act::Stop(event) => format!("The event {event} stops at {from}"),
            Act::Settings(_) => {
                format!(
                    "The configuration was read again, and is in force from {from} on; sessions go on"
                )
            }
        };
        self.bring_into_force(ActInForce { told: TimedAct { at, act }, config });
        self.record();
        Obeyed::Done(done)
    }

    /// Has the stream go on with another configuration from the time of an act.
    pub(super) fn bring_into_force(&mut self, act: ActInForce) {
        let ActInForce { told, config } = act;
        self.orders.last_turn = told.at;
        self.stream.steer(told.at, Arc::clone(&config));
        let before = &self.epoch;
        // An entry of the scenario keeps its place, so that only new ones need other tables.
        let logs = if config.scenario.len() == before.config.scenario.len() {
            Arc::clone(&before.logs)
        } else {
            Logs::of_shard(&config, self.stream.site(), before.shard)
        };
        self.status.acted(told, &config);
        self.epoch = Arc::new(Epoch { config, logs, ..(**before).clone() });
    }

    fn reload(&mut self, config: Config, at: Time) -> Obeyed {
        let present = self.epoch.config.settled();
        let (config, fixed) = config.as_far_as_it_can_change(&present);
        if !fixed.is_empty() {
            warn!("{} cannot change while the process runs; restart it for that", fixed.join(", "));
        }
        if config == present {
            let done = "The configuration was read again; nothing that can change is different";
            return Obeyed::Done(done.to_owned());
        }
        if self.epoch.config.keeps_its_sessions(&config, at) {
            self.act(Act::Settings(Box::new(config)), at)
        } else {
            self.orders.is_preparing = true;
            Obeyed::NeedsAnotherSite(Box::new(config))
        }
    }

    /// Begins the epoch that was to come. Returns false if the stop came first.
    pub(super) fn begin_coming(&mut self) -> bool {
        let Some(ComingEpoch { at, prepared }) = self.orders.coming.take() else { return true };
        let beginning = self.epoch.beginning.following(at, self.emitted);
        self.begin_prepared(prepared, beginning)
    }

    /// Begins an epoch of a run that is made again, and has all come into force that it was told. Returns false if the stop came
    /// first.
    pub(super) fn repeat(&mut self, recorded: RecordedEpoch) -> bool {
        let RecordedEpoch { beginning, config, acts } = recorded;
        let prepared = Prepared::new(config, self.epoch.shard);
        let has_begun = self.begin_prepared(prepared, beginning);
        acts.into_iter().for_each(|act| self.bring_into_force(act));
        has_begun
    }

    /// Begins an epoch of another site, once all lines of the previous one are written. Returns false if the stop came first.
    pub(super) fn begin_prepared(&mut self, prepared: Prepared, beginning: Beginning) -> bool {
        if !self.drain() {
            return false;
        }
        let (epoch, stream) = prepared.begin(beginning);
        self.stream = stream;
        self.enter(epoch);
        true
    }

    /// Makes an epoch the present one, and has it recorded.
    pub(super) fn enter(&mut self, epoch: Epoch) {
        let is_another = *epoch.config != *self.epoch.config || self.status.acts() > 0;
        let config = is_another.then(|| Arc::clone(&epoch.config));
        self.status.begin_epoch(epoch.beginning, config);
        self.epoch = Arc::new(epoch);
        self.orders.last_turn = 0;
        self.tell();
        self.record();
    }
}
