// A runtime by its name (onnx, tfjs, tflite, customvision); nothing, and a line that says so, if it is not installed.
export async function importRuntime(name) {
  try {
    return await import(`./runtime_${name}.mjs`);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.log(`skipped: ${error.message.split('\n')[0]}`);
    return null;
  }
}
