//! Scenarios that send.

use std::collections::VecDeque;
use std::time::Instant;

use fe2o3_amqp::types::messaging::{Data, Message, Outcome};
use fe2o3_amqp::types::primitives::Binary;
use fe2o3_amqp::{Sendable, Sender, Session};

use crate::messages::typical;
use crate::meter::{Figures, Meter, quantiles, status};
use crate::{Failure, Task};

fn accepted(outcome: Outcome) -> Result<(), Failure> {
    match outcome {
        Outcome::Accepted(_) => Ok(()),
        other => Err(format!("a message got the outcome {other:?}").into()),
    }
}

/// Sends `count` messages, `window` of them in flight.
async fn pipeline(
    sender: &mut Sender,
    task: &Task,
    body: &Binary,
    count: usize,
) -> Result<(), Failure> {
    let plain: Sendable<Data> = Sendable::from(Message::builder().data(body.clone()).build());
    let mut in_flight = VecDeque::with_capacity(task.window);
    for index in 0..count {
        if in_flight.len() == task.window
            && let Some(oldest) = in_flight.pop_front()
        {
            accepted(oldest.await?)?;
        }
        let outcome = if task.is_typical() {
            sender.send_batchable(typical(index, body)).await?
        } else {
            sender.send_batchable_ref(&plain).await?
        };
        in_flight.push_back(outcome);
    }
    for outcome in in_flight {
        accepted(outcome.await?)?;
    }
    Ok(())
}

pub async fn send(task: &Task) -> Result<Figures, Failure> {
    let mut connection = task.connect().await?;
    let mut session = Session::begin(&mut connection).await?;
    let mut sender = Sender::attach(&mut session, "sender", "bench").await?;
    let body = Binary::from(vec![b'x'; task.body_size]);
    pipeline(&mut sender, task, &body, task.warm).await?;
    let meter = Meter::start();
    pipeline(&mut sender, task, &body, task.count).await?;
    let figures = meter.stop(task.count);
    connection.close().await?;
    Ok(figures)
}

pub async fn send_awaited(task: &Task) -> Result<Figures, Failure> {
    let mut connection = task.connect().await?;
    let mut session = Session::begin(&mut connection).await?;
    let mut sender = Sender::attach(&mut session, "sender", "bench").await?;
    let body = Binary::from(vec![b'x'; task.body_size]);
    let message: Sendable<Data> = Sendable::from(Message::builder().data(body).build());
    for _ in 0..task.warm {
        accepted(sender.send_ref(&message).await?)?;
    }
    let mut trips = Vec::with_capacity(task.count);
    let meter = Meter::start();
    for _ in 0..task.count {
        let began = Instant::now();
        accepted(sender.send_ref(&message).await?)?;
        trips.push(began.elapsed());
    }
    let mut figures = meter.stop(task.count);
    figures.0.extend(quantiles(trips));
    connection.close().await?;
    Ok(figures)
}

pub async fn send_huge(task: &Task) -> Result<Figures, Failure> {
    let mut connection = task.connect().await?;
    let mut session = Session::begin(&mut connection).await?;
    let mut sender = Sender::attach(&mut session, "sender", "bench").await?;
    let body = Binary::from(vec![b'x'; task.body_size]);
    let message: Sendable<Data> = Sendable::from(Message::builder().data(body).build());
    let before = status("VmRSS");
    let meter = Meter::start();
    accepted(sender.send_ref(&message).await?)?;
    let mut figures = meter.stop(1);
    figures.0.push((
        "peakOverSize",
        (status("VmHWM") - before) / task.body_size as f64,
    ));
    connection.close().await?;
    Ok(figures)
}
