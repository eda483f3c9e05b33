/** What begins so is the HTTP API's, and no trigger's. */
export const API_PATH_PREFIX = '/api/';
/** The platform answers this by itself: no request to it reaches a Worker. */
export const PLATFORM_PATH_PREFIX = '/cdn-cgi/';
