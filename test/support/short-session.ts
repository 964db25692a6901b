/** A dead worker is missed after the shortest session; requests have to be shorter than that. */
export const shortSession = {
  SDP_KAFKA_SESSIONTIMEOUTMS: '6000',
  SDP_KAFKA_REQUESTTIMEOUTMS: '3000',
  SDP_OPENSEARCH_REQUESTTIMEOUTMS: '3000',
};

/** With many small batches as well, so that whatever happens comes in the middle of some. */
export const shortSessionSmallBatches = { ...shortSession, SDP_SERVER_FLUSHITEMS: '200' };
