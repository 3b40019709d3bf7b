//! Scenarios that receive.

use fe2o3_amqp::link::delivery::Delivery;
use fe2o3_amqp::link::receiver::CreditMode;
use fe2o3_amqp::types::messaging::Data;
use fe2o3_amqp::{Receiver, Session};
use futures_util::FutureExt;

use crate::messages::read_typical;
use crate::meter::{Figures, Meter, status};
use crate::{Failure, Task};

/// How many deliveries are accepted by one call, where so many have come already.
const TOGETHER: usize = 100;

fn read(delivery: &Delivery<Data>, task: &Task) -> Result<(), Failure> {
    let right = match task.scenario.as_str() {
        "receive" => Some(()),
        "typical-receive" => read_typical(delivery.message()),
        _ => (delivery.body().0.len() == task.body_size).then_some(()),
    };
    right.ok_or_else(|| "a message that the peer did not send".into())
}

/// Waits for one delivery, and takes those with it that have come already.
async fn next(receiver: &mut Receiver, most: usize) -> Result<Vec<Delivery<Data>>, Failure> {
    let mut deliveries = vec![receiver.recv::<Data>().await?];
    while deliveries.len() < most.min(TOGETHER) {
        match receiver.recv::<Data>().now_or_never() {
            Some(delivery) => deliveries.push(delivery?),
            None => break,
        }
    }
    Ok(deliveries)
}

pub async fn receive(task: &Task) -> Result<Figures, Failure> {
    let mut connection = task.connect().await?;
    let mut session = Session::begin(&mut connection).await?;
    let mut receiver = Receiver::builder()
        .name("receiver")
        .source(task.source.as_str())
        .credit_mode(CreditMode::Auto(task.window as u32))
        .attach(&mut session)
        .await?;
    let mut meter = Meter::start();
    let mut received = 0;
    while received < task.total() {
        let limit = if received < task.warm {
            task.warm
        } else {
            task.total()
        };
        let deliveries = next(&mut receiver, limit - received).await?;
        for delivery in &deliveries {
            read(delivery, task)?;
        }
        received += deliveries.len();
        receiver.accept_all(deliveries).await?;
        if received == task.warm {
            meter = Meter::start();
        }
    }
    let figures = meter.stop(task.count);
    // One by one: a connection that is closed first does not send what was accepted last.
    receiver.close().await?;
    session.end().await?;
    connection.close().await?;
    Ok(figures)
}

pub async fn receive_huge(task: &Task) -> Result<Figures, Failure> {
    let before = status("VmRSS");
    let mut figures = receive(task).await?;
    figures.0.push((
        "peakOverSize",
        (status("VmHWM") - before) / task.body_size as f64,
    ));
    Ok(figures)
}
