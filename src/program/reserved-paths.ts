/** What begins so is the HTTP API's, and no trigger's. */
export const API_PATH_PREFIX = '/api/';
/** Where the API begins: what lies below its prefix but not here is of no version of it. */
export const API_BASE = `${API_PATH_PREFIX}v1`;
/** The local host's way to its Worker: to everybody else these paths do not exist. */
export const HOST_PATH_PREFIX = '/__ensemble/';
/** The platform answers this by itself: no request to it reaches a Worker. */
export const PLATFORM_PATH_PREFIX = '/cdn-cgi/';
