/** The faults that were asked for; null or 0 for those that were not. */
export interface FaultSettings {
  readonly oomAtStart: boolean;
  readonly crashAfterSeconds: number | null;
  readonly crashAfterRequests: number | null;
  readonly hangAfterRequests: number | null;
  readonly health503AfterSeconds: number | null;
  readonly ignoreSigterm: boolean;
  readonly escapingChildren: number;
  /** Exit code of a crash. */
  readonly exitCode: number;
}

/** What a newly accepted inference request sets off; `crash` waits for the request's first token. */
export type RequestFault = 'none' | 'hang' | 'crash';

/** Decides for the request with this number, counted from 1. */
export function requestFault(faults: FaultSettings, requestNumber: number): RequestFault {
  if (faults.hangAfterRequests !== null && requestNumber > faults.hangAfterRequests) return 'hang';
  if (faults.crashAfterRequests !== null && requestNumber > faults.crashAfterRequests) return 'crash';
  return 'none';
}

/** What vLLM's engine process prints when the weights do not fit, for stderr. */
export const outOfMemoryTraceback = `EngineCore failed to start.
Traceback (most recent call last):
  File "vllm/v1/engine/core.py", line 1104, in run_engine_core
    engine_core = EngineCoreProc(*args, engine_index=dp_rank, **kwargs)
  File "vllm/v1/worker/gpu_model_runner.py", line 4402, in load_model
    self.model = model_loader.load_model(
  File "torch/nn/modules/module.py", line 1371, in convert
    return t.to(
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 462.00 MiB. GPU 0 has a total capacity of 23.53 GiB of which 155.06 MiB is free. Including non-PyTorch memory, this process has 23.37 GiB memory in use. Of the allocated memory 22.98 GiB is allocated by PyTorch, and 12.31 MiB is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True to avoid fragmentation.`;

/** What vLLM's server process prints after its engine could not start: the last line of the log. */
export const engineStartFailure = `Traceback (most recent call last):
  File "vllm/v1/engine/utils.py", line 1012, in wait_for_engine_startup
    raise RuntimeError(
RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {'EngineCore': 1}`;

/** What vLLM's engine process prints when it dies while serving. */
export const engineDeathTraceback = `Traceback (most recent call last):
  File "vllm/v1/engine/core.py", line 1117, in run_engine_core
    engine_core.run_busy_loop()
  File "vllm/v1/worker/gpu_model_runner.py", line 3210, in execute_model
    model_output = self._model_forward(
torch.AcceleratorError: CUDA error: an illegal memory access was encountered`;

/** How Python reports that a port could not be bound. */
export function bindErrorTraceback(code: string, address: string): string {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'OSError: [Errno 98] Address already in use',
    EADDRNOTAVAIL: 'OSError: [Errno 99] Cannot assign requested address',
    EACCES: 'PermissionError: [Errno 13] Permission denied',
  };
  return `Traceback (most recent call last):
  File "vllm/entrypoints/openai/api_server.py", line 1940, in create_server_socket
    sock.bind(addr)
${reasons[code] ?? `OSError: ${code}: cannot bind ${address}`}`;
}
