package io.github.modelcache.it.client;

/** The last client before 1.0, which many projects still pin. */
@Client("hub-0.36")
class LastHub0IT extends HubScenarios {}
